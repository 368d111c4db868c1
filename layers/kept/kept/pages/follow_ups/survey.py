"""How it went: one question with five answers and room for a few words, for whoever holds the link."""

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from kept.actor import CLIENT, Change
from kept.business.names import in_language
from kept.client_links.refusals import LinkExpired
from kept.client_links.tokens import read_survey
from kept.clients.refusals import UnknownClient
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.refusals import FollowUpOpen, UnknownFollowUp
from kept.follow_up.survey import stars
from kept.pages.page_request import PageForm, PageRequest
from kept.pages.reader import Reader
from kept.pages.render import page, see_other
from kept.storage import catalogs, clients, follow_ups
from kept.use_cases.follow_ups.survey_answers import LONGEST, STARS, say
from kept.use_cases.messaging.addressees import of_matter


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """The link may have been forwarded, so nothing of the matter is shown, no name, and no word that was written."""

    reader: Reader
    follow_up: FollowUp

    def at(self, **query: object) -> str:
        return self.reader.to(self.reader.visit.path, **query)

    @property
    def given(self) -> int | None:
        return stars(self.follow_up.history)


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What was chosen and typed; `wrong` is the field that is, in the order of the page."""

    stars: int | None
    words: str = ""
    wrong: str = ""


def show(visit: PageRequest, token: str) -> Response[str]:
    """Opening it changes nothing, so that whatever scans a mail for its reader may."""
    question = _opened(visit, token)
    if not question.follow_up.is_over:
        return _not_over(question)
    return _page(question, SurveyAnswer(question.given), thanks="saved" in visit.asked and question.given is not None)


def answer(visit: PageRequest, token: str) -> Response[str]:
    question, said = _opened(visit, token), _said(visit.typed())
    if said.wrong or said.stars is None:
        return _page(question, said, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        say(question.follow_up, said.stars, Change(CLIENT, visit.now, said.words))
    except FollowUpOpen:
        return _not_over(question)
    return see_other(question.at(saved=1))


def _said(form: PageForm) -> SurveyAnswer:
    chosen, words = form.one("stars"), form.lines("words")
    given = int(chosen) if chosen in map(str, STARS) else None
    return SurveyAnswer(given, words, wrong="stars" if given is None else "words" if len(words) > LONGEST else "")


def _opened(visit: PageRequest, token: str) -> SurveyQuestion:
    """Raises LinkInvalid, and LinkExpired as well where the matter or the client is gone."""
    link = read_survey(token, now=visit.now)
    catalog = catalogs.load(link.business)
    try:
        follow_up = follow_ups.load(link.business, link.subject)
        client = of_matter(link.business, follow_up.about, clients.load(link.business, follow_up.client))
    except (UnknownFollowUp, UnknownClient) as error:
        raise LinkExpired from error
    language = visit.language(client.locale)
    return SurveyQuestion(Reader(visit, language, client.zone, in_language(catalog, language.tag)), follow_up)


def _page(
    question: SurveyQuestion, said: SurveyAnswer, status: HTTPStatus = HTTPStatus.OK, *, thanks: bool = False
) -> Response[str]:
    return page(question.reader, "survey", status, question=question, said=said, longest=LONGEST, thanks=thanks)


def _not_over(question: SurveyQuestion) -> Response[str]:
    """Somebody took the matter up again: it is too soon to ask."""
    return page(question.reader, "survey_later", HTTPStatus.CONFLICT)
