"""Clients and their claims: one person per telephone number and per address, in each business."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kept.channels import Channel, Purpose
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent, ConsentWord
from kept.clients.refusals import UnknownClient
from kept.storage import clients
from kept.storage.tables import ClientItem
from kept.storage.transaction import Lost, together
from tests.builders import BOOKED, a_client

PHONE = "+8613812345678"


def put_new(client: Client) -> None:
    with together() as transaction:
        clients.put_new(client, transaction)


def li() -> Client:
    return replace(a_client(), phone=PHONE)


def test_a_client_is_read_as_they_were_written() -> None:
    sms = Consent(Purpose.PROMOTIONAL, Channel.SMS, BOOKED, "desk", "yes", ConsentWord.WITHDRAWN)
    whole = replace(li(), tier=Tier.REGULAR, preferred=Channel.SMS, do_not_disturb=True, consents=(sms,))
    put_new(whole)
    assert clients.load("lotus", "c-1") == replace(whole, revision=1)


@pytest.mark.parametrize(
    "contacts", [(PHONE,), ("li@example.com",), (None, "li@example.com"), ("+49301234567", PHONE)], ids=str
)
def test_they_are_known_by_either_contact(contacts: tuple[str | None, ...]) -> None:
    put_new(li())
    known = clients.by_contact("lotus", *contacts)
    assert known
    assert known.id == "c-1"


@pytest.mark.parametrize(
    ("business", "contacts"), [("lotus", ("+49301234567",)), ("garage", (PHONE,)), ("lotus", (None, None))], ids=str
)
def test_nobody_is_known_by_what_nobody_holds(business: str, contacts: tuple[str | None, ...]) -> None:
    put_new(li())
    assert clients.by_contact(business, *contacts) is None


@pytest.mark.parametrize(
    ("stored", "arrives"),
    [
        pytest.param("+5511987654321", "+551187654321", id="Brazil without its ninth digit"),
        pytest.param("+551187654321", "+5511987654321", id="Brazil, stored before"),
        pytest.param("+525512345678", "+5215512345678", id="Mexico with its 1"),
        pytest.param("+541123456789", "+5491123456789", id="Argentina without its 9"),
        pytest.param("+5491123456789", "+541123456789", id="Argentina with its 9"),
        pytest.param("+2290197123456", "+22997123456", id="Benin before 2024"),
        pytest.param("+22547123456", "+2250747123456", id="Côte d'Ivoire, stored before"),
        pytest.param("+970599123456", "+972599123456", id="Palestine by Israel's code"),
    ],
)
def test_old_and_new_forms_of_a_number_are_one_client(stored: str, arrives: str) -> None:
    put_new(replace(li(), phone=stored))
    known = clients.by_contact("lotus", arrives)
    assert known
    assert known.id == "c-1"
    assert [one.id for one in clients.anywhere(arrives)] == ["c-1"]
    with pytest.raises(Lost):
        put_new(replace(li(), id="c-2", phone=arrives, email="wang@example.com"))


def test_a_claim_that_was_made_by_the_old_form_is_found() -> None:
    """Before the forms were known, each number claimed itself."""
    put_new(li())
    with pytest.MonkeyPatch.context() as before:
        before.setattr(clients, "forms", lambda contact: (contact,))
        put_new(replace(li(), id="c-2", phone="+551187654321", email="ana@example.com"))
    known = clients.by_contact("lotus", "+5511987654321")
    assert known
    assert known.id == "c-2"
    assert [one.id for one in clients.anywhere("+5511987654321")] == ["c-2"]


@pytest.mark.parametrize("taken", ["phone", "email"])
def test_a_contact_belongs_to_one_client_and_nothing_is_written_for_another(taken: str) -> None:
    put_new(li())
    other = replace(li(), id="c-2", phone="+49301234567", email="wang@example.com")
    with pytest.raises(Lost):
        put_new(replace(other, phone=PHONE) if taken == "phone" else replace(other, email=li().email))
    with pytest.raises(UnknownClient):
        clients.load("lotus", "c-2")
    put_new(other)


def test_whoever_read_an_older_one_loses() -> None:
    put_new(li())
    read = clients.load("lotus", "c-1")
    clients.put_alone(replace(read, name="Li Na-Wang"))
    with pytest.raises(Lost):
        clients.put_alone(replace(read, name="Lina"))
    assert clients.load("lotus", "c-1").name == "Li Na-Wang"


def test_a_contact_is_not_to_be_read_from_its_claim() -> None:
    """Keys turn up in logs and metrics: they hold a digest."""
    put_new(li())
    assert not [item.id for item in ClientItem.scan() if PHONE in item.id or "example" in item.id]


@pytest.mark.parametrize("ring", [("c-1",), ("c-2", "c-1"), ("c-2", "c-3", "c-4", "c-1")])
def test_who_leads_to_nobody_is_nobody(ring: tuple[str, ...]) -> None:
    """One record merged into another and that one into the first: it ends, and nothing is found."""
    names = ["c-1", *ring]
    for id, into in pairwise(names):
        put_new(replace(a_client(), id=id, phone=None, email=None, merged_into=into))
    assert clients.find("lotus", "c-1") is None
    with pytest.raises(UnknownClient):
        clients.load("lotus", "c-1")
