"""A refusal as a page: what is the matter, in the reader's language, and a way on."""

from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response

from kept.client_links.refusals import LinkExpired
from kept.errors import Refusal
from kept.pages.appointment.appointment_page import opened
from kept.pages.page_request import SITE, PageRequest
from kept.pages.reader import Reader, guest
from kept.pages.render import page
from kept.waiting_room.refusals import NumberOfAnotherDay

UTC = ZoneInfo("UTC")


def refused(visit: PageRequest, refusal: Refusal) -> Response[str]:
    """Shows nothing of an appointment: its link may be what was refused."""
    reader, own = _whoever(replace(visit, asked={name: visit.asked.get(name, "") for name in ("lang", SITE)}))
    if own is None and isinstance(refusal, LinkExpired | NumberOfAnotherDay):
        reader = _at_its_business(visit, reader, str(refusal.facts.get("business", "")))
    return page(reader, "refused", refusal.status, code=refusal.code, own=own)


def _whoever(visit: PageRequest) -> tuple[Reader, str | None]:
    """As well as it can be told, and the page of their own appointment where the link opens one."""
    _, place, name, *_ = [*visit.path.split("/"), "", ""]
    with suppress(Refusal):
        if place == "a":
            mine = opened(visit, name)
            return mine.reader, mine.at()
        if place == "b":
            return guest(visit, name), None
    return Reader(visit, visit.language(), UTC), None


def _at_its_business(visit: PageRequest, reader: Reader, business: str) -> Reader:
    """A token that was ours names its business, or stands for one that does; its public page is the way on."""
    with suppress(Refusal, IndexError):
        return guest(replace(visit, asked=reader.visit.asked), business or visit.path.split(".")[2])
    return reader
