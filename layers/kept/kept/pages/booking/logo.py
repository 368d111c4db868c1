"""The picture beside the business's name, as the pages show it."""

from aws_lambda_powertools.event_handler import Response

from kept.business.logo import KINDS
from kept.errors import UnknownRoute
from kept.pages.page_request import PageRequest
from kept.pages.reader import guest
from kept.pages.render import picture
from kept.storage import logos


def show(visit: PageRequest, business: str, name: str) -> Response[bytes]:
    """The one that is in use; one before it leads nowhere. Raises UnknownBusiness, UnknownRoute."""
    catalog = guest(visit, business).catalog
    content = logos.load(business, name) if catalog and catalog.logo == name else None
    if content is None:
        raise UnknownRoute
    return picture(content, KINDS[name.rpartition(".")[2]])
