"""A client's money at the desk: what is owed and why, paid by hand, let go of, given back and taken back; a day's."""

from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.actor import Change
from kept.api import identity
from kept.api.booking.requests import Date, Id
from kept.api.clients.asked import ClientId, asked
from kept.api.cursors import place
from kept.api.money import answers, day_file
from kept.api.money.requests import (
    CorrectionRequest,
    CreditRequest,
    DepositRequest,
    DepositWaiverRequest,
    PaymentRequest,
    PointsRequest,
    RefundRequest,
    WaiverRequest,
)
from kept.api.spreadsheet import as_file
from kept.bounds import PART
from kept.business.catalog import Business
from kept.ledger.day_sums import day_sums
from kept.storage import clients, ledger
from kept.use_cases.money import acts_at_desk, deposits_at_desk, reading
from kept.use_cases.money.acts_at_desk import DeskAct, Lines
from kept.use_cases.money.points import exchange

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
LEADING = ("GET /v1/desk/money", "GET /v1/desk/money/open", "GET /v1/desk/money.csv")
After = Annotated[str | None, Query(max_length=300)]
Limit = Annotated[int, Query(ge=1, le=PART)]


@router.get("/v1/desk/clients/<client>/money")
def show(client: ClientId, after: After = None, limit: Limit = 20) -> answers.LedgerAnswer:
    business, _ = _asked("looked at money", client)
    it = clients.load(business.id, client)
    found = ledger.of_client(business.id, it.ids, after=place(after), limit=limit)
    return answers.page(found, _balance(business, client), _language())


@router.get("/v1/desk/clients/<client>/money/visits/<appointment>")
def show_visit(client: ClientId, appointment: Annotated[Id, Path()]) -> answers.VisitMoneyAnswer:
    """What is owed for one visit."""
    business, _ = _asked("looked at money", client)
    found = reading.of_visit(business, clients.load(business.id, client), appointment)
    return answers.visit(found.statement, found.lines, _balance(business, client, found.currency), _language())


@router.post("/v1/desk/clients/<client>/money/payments", status_code=201)
def pay(client: ClientId, told: PaymentRequest) -> answers.WrittenLinesAnswer:
    """Paid by hand (cash, terminal, transfer) or by the client's credit; no more than is owed."""
    act = _act("recorded a payment", client, told.appointment)
    return _written(act, acts_at_desk.record_payment(act, told.amount, told.means))


@router.post("/v1/desk/clients/<client>/money/waivers", status_code=201)
def waive(client: ClientId, told: WaiverRequest) -> answers.WrittenLinesAnswer:
    """Of a visit's fee; no more than the owner lets the asker's role let go of."""
    act = _act("waived a fee", client, told.appointment)
    return _written(act, acts_at_desk.waive(act, told.amount, told.reason))


@router.post("/v1/desk/clients/<client>/money/refunds", status_code=201)
def refund(client: ClientId, told: RefundRequest) -> answers.WrittenLinesAnswer:
    """Of what was paid for a visit; under the same limit as what is let go of."""
    act = _act("gave money back", client, told.appointment)
    return _written(act, acts_at_desk.refund(act, told.amount, told.means, told.reason))


@router.post("/v1/desk/clients/<client>/money/credits", status_code=201)
def give_credit(client: ClientId, told: CreditRequest) -> answers.WrittenLinesAnswer:
    """For a later visit; the limit holds for all the credit that the client then has."""
    act = _act("gave a credit", client)
    return _written(act, acts_at_desk.give_credit(act, told.amount, told.reason))


@router.post("/v1/desk/clients/<client>/money/points", status_code=201)
def exchange_points(client: ClientId, told: PointsRequest) -> answers.WrittenLinesAnswer:
    """The client's points for a credit; what so many buy is the owner's to say."""
    act = _act("exchanged points", client)
    return _written(act, exchange(act.business, client, told.points, told.amount, act.change))


@router.post("/v1/desk/clients/<client>/money/corrections", status_code=201)
def correct(client: ClientId, told: CorrectionRequest) -> answers.WrittenLinesAnswer:
    """A line is taken back by its opposite. Staff take back payments that they recorded that day, who leads all else;
    with a fee goes what the client was let off of it."""
    act = _act("took a line back", client)
    return _written(act, acts_at_desk.reverse(act, told.entry, told.reason))


@router.post("/v1/desk/clients/<client>/money/deposits", status_code=201)
def receive_deposit(client: ClientId, told: DepositRequest) -> answers.WrittenLinesAnswer:
    """Of a visit that waits for it: with the last of what is due it is booked, and the client told. No more than is
    due; by credit no more than the client has."""
    act = _act("recorded a deposit", client, told.appointment)
    return _written(act, deposits_at_desk.receive(act, told.amount, told.means))


@router.post("/v1/desk/clients/<client>/money/deposit-returns", status_code=201)
def hand_deposit_back(client: ClientId, told: DepositRequest) -> answers.WrittenLinesAnswer:
    """Of a deposit that is the client's again: that it was handed to them, by the means by which it came or as
    credit."""
    act = _act("handed a deposit back", client, told.appointment)
    return _written(act, acts_at_desk.hand_back(act, told.amount, told.means))


@router.post("/v1/desk/clients/<client>/money/deposit-waivers", status_code=201)
def let_deposit_off(client: ClientId, told: DepositWaiverRequest) -> answers.WrittenLinesAnswer:
    """One that is asked: the visit is booked without it. One that was lost: it is the client's again, under the same
    limit as what is let go of."""
    act = _act("let a deposit off", client, told.appointment)
    return _written(act, deposits_at_desk.let_off(act, told.reason))


@router.get("/v1/desk/money")
def show_day(
    day: Annotated[Date | None, Query()] = None, after: After = None, limit: Limit = 50
) -> answers.DayLedgerAnswer:
    """Of all clients, on one day of the business (today where none is named), with what all of it comes to."""
    business, change = _asked("looked at a day's money", at_least="manager")
    on = _day(business, change, day)
    found = ledger.of_day(business.id, on, after=place(after), limit=limit)
    known = reading.names(business, (line.client for line in found.lines))
    sums = day_sums(reading.lines_of_day(business, on)) if after is None else None
    return answers.day(on, found, sums, known, business.currency, _language())


@router.get("/v1/desk/money/open")
def show_open(after: After = None, limit: Limit = 50) -> answers.OpenBalancesAnswer:
    """Who owes something now, and who is to have something back."""
    business, _ = _asked("looked at what is owed", at_least="manager")
    found = ledger.open_balances(business.id, after=place(after), limit=limit)
    return answers.open_balances(found, reading.names(business, (it.client for it in found.balances)))


@router.get(
    "/v1/desk/money.csv",
    responses={200: {"description": "A line for each", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def file(day: Annotated[Date | None, Query()] = None) -> Response[str]:
    """All that was written on one day of the business, in order of time."""
    catalog, change = asked(router.current_event, "took a day's money along", at_least="manager")
    on = _day(catalog.business, change, day)
    lines = list(reading.lines_of_day(catalog.business, on))[::-1]
    known = reading.names(catalog.business, (line.client for line in lines))
    return as_file(f"money_{on}.csv", day_file.file(lines, known, catalog, _language()))


def _day(business: Business, change: Change, day: date | None) -> date:
    return day or change.at.astimezone(business.zone).date()


def _asked(what: str, client: str = "", *, at_least: str = "staff") -> tuple[Business, Change]:
    catalog, change = asked(router.current_event, what, client, at_least=at_least)
    return catalog.business, change


def _act(what: str, client: str, appointment: str | None = None) -> DeskAct:
    business, change = _asked(what, client)
    return DeskAct(business, client, identity.role(router.current_event), change, appointment)


def _written(act: DeskAct, lines: Lines) -> answers.WrittenLinesAnswer:
    total = _balance(act.business, act.client)
    return answers.WrittenLinesAnswer(balance=total, entries=answers.lines(lines, _language()))


def _balance(business: Business, client: str, currency: str = "") -> answers.BalanceAnswer:
    it = reading.balance(business, clients.load(business.id, client), currency)
    return answers.balance(it, business, identity.role(router.current_event))


def _language() -> str:
    return identity.language(router.current_event)
