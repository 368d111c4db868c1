"""The door of the pages: like the API's, but whatever goes wrong is answered with a page."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from kept import clock
from kept.api.app import refused as problem
from kept.api.bodies import LARGEST_BODY
from kept.business.refusals import UnknownBusiness
from kept.client_links.refusals import LinkInvalid
from kept.client_links.short_links import PATH
from kept.errors import BodyTooLarge, Refusal, UnknownRoute
from kept.pages.page_request import PageRequest
from kept.pages.paths import canonical
from kept.pages.reader import address_of
from kept.pages.refusals import refused
from kept.pages.render import no_icon, permanently

SHORT = (PATH, PATH.upper())
"""Whoever types a link in capitals types all of it so."""

ICON, API = "/favicon.ico", "/v1/"


class PageApp(APIGatewayHttpResolver):
    """Routes to views: each is given the visit and the one name in its path; `largest`: letters of a body."""

    def __init__(self, largest: int = LARGEST_BODY) -> None:
        super().__init__()
        self._largest = largest
        self.use([self._arrive])
        self.exception_handler(Refusal)(self._refused)
        self.not_found(self._not_found)

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """A route's name is of letters; what a telephone took for a part of a short link comes along quoted."""
        _, place, name = [*event["rawPath"].split("/", 2), "", ""][:3]
        if place in SHORT and name:
            event = {**event, "rawPath": f"/{place}/{quote(name, safe='%')}"}
        resolved: dict[str, Any] = super().resolve(dict(event), context)
        return resolved

    @property
    def visit(self) -> PageRequest:
        visit: PageRequest = self.context["visit"]
        return visit

    def _arrive(self, app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[Any]]) -> Response[Any]:
        """The one place at which a page's clock is read."""
        event = self.current_event
        self.context["visit"] = PageRequest(event, event.query_string_parameters or {}, clock.now())
        if len(event.body or "") > self._largest:
            raise BodyTooLarge(largest=self._largest)
        return next_middleware(app)

    def _refused(self, refusal: Refusal) -> Response[str]:
        looks = self.current_event.http_method == "GET"
        misspelt = isinstance(refusal, UnknownBusiness) or (looks and isinstance(refusal, LinkInvalid))
        if misspelt and (elsewhere := self._by_its_own_address()):
            return elsewhere
        return refused(self.visit, refusal)

    def _not_found(self, _: NotFoundError) -> Response[str]:
        return self.lead_on()

    def lead_on(self) -> Response[str]:
        """From a path that is no page's to the page that was meant, if that can be told."""
        if self.visit.path == ICON:
            return no_icon()
        if self.visit.path.startswith(API):
            return problem(UnknownRoute())
        looks = self.current_event.http_method == "GET"
        return (looks and self._by_its_own_address()) or refused(self.visit, UnknownRoute())

    def _by_its_own_address(self) -> Response[str] | None:
        """For what was typed in other letters, or with more behind it; the form that was sent comes along."""
        path = canonical(self.visit.path)
        return permanently(address_of(path, self.visit.asked)) if path != self.visit.path else None
