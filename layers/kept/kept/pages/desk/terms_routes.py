"""How terms would read to a client, asked while they are written; nothing is saved."""

from dataclasses import asdict, replace

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from kept import clock
from kept.api import identity
from kept.api.base import Answer, Body
from kept.api.booking.requests import Id
from kept.api.business.business_settings import MOST_NAMES, ChangeSettings, Long, Short
from kept.business.names import in_language
from kept.clients.client import Tier
from kept.storage import catalogs

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class TermsPreviewRequest(Body):
    """The terms as they would be saved, and who reads them: for which service, of which tier, in which language."""

    changes: ChangeSettings
    policy_text: Long = ""
    policy_texts: dict[Short, Long] = Field(default_factory=dict, max_length=MOST_NAMES)
    deposit_text: Short = ""
    deposit_texts: dict[Short, Short] = Field(default_factory=dict, max_length=MOST_NAMES)
    service: Id
    tier: Tier = Tier.PROSPECT
    language: Short


class TermsPreviewAnswer(Answer):
    """The business's own words (`policy`, "" for none), and the sentences of the pages: before the button, what is said
    there of the `deposit` of whoever is asked for one, before it where the visit begins within the notice, and once it
    is late on the pages that cancel and move; "" where there are none."""

    policy: str
    booking: str
    deposit: str
    booking_late: str
    cancelling: str
    moving: str


@router.post("/v1/desk/business/terms/preview")
def read_terms(told: TermsPreviewRequest) -> TermsPreviewAnswer:
    """Imports here: of all settings these alone need the pages of clients."""
    from kept.pages.desk.terms_preview import read
    from kept.pages.language import language

    tongue = language(told.language)
    catalog = catalogs.load(identity.leading(router.current_event))
    business = replace(
        catalog.business,
        changes=told.changes.rules(),
        policy_text=told.policy_text,
        policy_texts={tag: text for tag, text in told.policy_texts.items() if text},
        deposit_text=told.deposit_text,
        deposit_texts={tag: text for tag, text in told.deposit_texts.items() if text},
    )
    catalog = in_language(replace(catalog, business=business), tongue.tag)
    said = read(catalog.business, catalog.service(told.service), told.tier, tongue, now=clock.now())
    return TermsPreviewAnswer(policy=catalog.business.policy_text, **asdict(said))
