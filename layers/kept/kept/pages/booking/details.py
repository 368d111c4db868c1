"""The form that clients fill in: what they typed, and everything that is wrong with it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept.business.catalog import Business
from kept.business.questions import Question, wrong_answers
from kept.channels import Channel
from kept.clients.contact import normal_email, normal_phone
from kept.clients.guest import Details, agreeable, must_be_reached
from kept.clients.names import as_named
from kept.clients.refusals import ConsentRequired, NoContact, SmsNotServed
from kept.clients.subscriptions import TapKind
from kept.clients.texting import texts
from kept.errors import Refusal, TooManyRequests
from kept.messaging.wechat_forms import offered
from kept.pages.page_request import PageForm
from kept.pages.reader import Reader
from kept.pages.render import page

LONGEST = {"name": 100, "phone": 40, "email": 254, "note": 500}
"""Characters."""


@dataclass(frozen=True, slots=True)
class Typed:
    """As it stands in the form, so that it can be shown again. `key` makes a form that is sent twice book once."""

    name: str
    phone: str
    email: str
    note: str
    agrees_to: tuple[Channel, ...]
    key: str
    wechat: tuple[TapKind, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def details(self, locale: str, tz: str) -> Details:
        return Details(self.name, self.phone, self.email, self.agrees_to, locale, tz)


def nothing_typed(key: str) -> Typed:
    return Typed("", "", "", "", (), key)


def field_of(question: str) -> str:
    """What the field of a question is called in the form."""
    return f"q.{question}"


def typed(form: PageForm, business: Business, questions: tuple[Question, ...] = ()) -> Typed:
    return Typed(
        name=as_named(form.one("name")),
        phone=form.one("phone"),
        email=form.one("email"),
        note=form.lines("note"),
        agrees_to=tuple(channel for channel in agreeable(business) if channel in form.every("agrees_to")),
        key=form.one("key"),
        wechat=tuple(kind for kind in offered(business.channels, business.templates) if kind in form.every("wechat")),
        answers={it.id: form.lines(field_of(it.id)) for it in questions},
    )


def problems(
    typed: Typed, business: Business, questions: tuple[Question, ...] = (), *, lenient: bool = False
) -> dict[str, str]:
    """What is wrong, by field, as the name of its words; empty when all is well. `lenient`: nobody need be reached."""
    found = {name: "too_long" for name, longest in LONGEST.items() if len(getattr(typed, name)) > longest}
    if not typed.name:
        found["name"] = "name_missing"
    _look_at(found, "phone", lambda: _check_phone(typed, business))
    _look_at(found, "email", lambda: typed.email and normal_email(typed.email))
    found |= {field_of(id): str(code) for id, code in wrong_answers(questions, typed.answers).items()}
    if lenient:
        return found
    if not typed.phone and not typed.email:
        found["phone"] = NoContact.code
    elif not any(typed.email if channel is Channel.EMAIL else typed.phone for channel in typed.agrees_to):
        found["agrees_to"] = ConsentRequired.code
    elif "phone" not in found and _cannot_be_texted(typed, business):
        found["agrees_to"] = SmsNotServed.code
    return found


def _cannot_be_texted(typed: Typed, business: Business) -> bool:
    if Channel.SMS not in typed.agrees_to or not typed.phone:
        return False
    return not texts(business, normal_phone(typed.phone, business.country))


def _check_phone(typed: Typed, business: Business) -> None:
    if typed.phone:
        must_be_reached(normal_phone(typed.phone, business.country), typed.agrees_to)


def _look_at(found: dict[str, str], field: str, check: Callable[[], object]) -> None:
    try:
        check()
    except Refusal as refusal:
        found.setdefault(field, refusal.code)


def form_page(
    reader: Reader,
    template: str,
    typed: Typed,
    business: Business,
    wrong: dict[str, str] | None = None,
    *,
    too_many: bool = False,
    **more: object,
) -> Response[str]:
    """The form as a page: empty, or as it was filled in with what is wrong beside each field."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else TooManyRequests.status if too_many else HTTPStatus.OK
    return page(
        reader,
        template,
        status,
        typed=typed,
        wrong=wrong or {},
        too_many=too_many,
        longest=LONGEST,
        channels=agreeable(business),
        **more,
    )
