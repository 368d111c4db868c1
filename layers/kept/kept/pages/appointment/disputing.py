"""What is held against its client, disputed on the appointment's own page: one tap, and a few words if they like."""

from aws_lambda_powertools.event_handler import Response

from kept.bounds import WORDS
from kept.errors import InvalidRequest
from kept.pages.appointment.appointment_page import opened
from kept.pages.page_request import PageRequest
from kept.pages.render import see_other
from kept.use_cases.booking.disputing import dispute


def say(visit: PageRequest, token: str) -> Response[str]:
    """Raises MoveNotAllowed, AlreadyDisputed, DisputeTooLate, InvalidRequest."""
    mine, form = opened(visit, token), visit.typed()
    words = form.lines("words")
    if len(words) > WORDS:
        raise InvalidRequest(fields=[{"field": "words", "reason": f"{WORDS} letters at most"}])
    dispute(mine.catalog, mine.appointment.id, visit.change_by(form, why=words), version=form.version())
    mine.acted()
    return see_other(mine.at(done="disputed"))
