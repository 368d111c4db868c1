"""A page as an answer: its template, filled in and escaped, with headers that let nothing in or out."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kept.api.business.logo_routes import address as logo_address
from kept.business.colours import DARK_GROUND, GROUND, shades
from kept.errors import Refusal
from kept.pages import embedding
from kept.pages.language import Language, languages
from kept.pages.reader import BOOKING, Reader

HERE = Path(__file__).parent
STYLE = (HERE / "pages.css").read_text(encoding="utf-8")
COLOURED = """:root{{--accent:{colour};--accent-strong:{strong};--tint:{ground}}}
@media (prefers-color-scheme:dark){{
:root:not(:has(.framed)){{--accent:{lighter};--accent-strong:{light};--tint:{dark}}}
}}"""
"""What a business's own colour changes."""
GUARDED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
PRIVATE = GUARDED | {"X-Robots-Tag": "noindex, nofollow"}
"""A path may hold a client's token, which no cache, no other site and no search engine is to see."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
CHECKOUT = "https://checkout.stripe.com"
"""Where the form that begins to pay leads on to, as browsers name it."""
PUBLIC = re.compile("/b/[^/]+")
"""Anybody may find it; what follows by its links is the calendar, without end."""


@cache
def style_of(colour: str) -> str:
    return STYLE + (COLOURED.format(colour=colour, ground=GROUND, dark=DARK_GROUND, **shades(colour)) if colour else "")


@cache
def _policy(colour: str, *, has_logo: bool, takes_cards: bool) -> str:
    """Its one style runs, its one picture is shown, and nothing else; its forms lead to us, and on to pay."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{b64encode(sha256(style_of(colour).encode()).digest()).decode()}'",
            *(["img-src 'self'"] if has_logo else []),
            f"form-action 'self' {CHECKOUT}" if takes_cards else "form-action 'self'",
            "base-uri 'none'",
        ]
    )


def page(reader: Reader, template: str, status: HTTPStatus = HTTPStatus.OK, **names: object) -> Response[str]:
    colour = reader.business.colour if reader.business else ""
    logo = logo_address(reader.business.id, reader.catalog.logo) if reader.business and reader.catalog else ""
    body = (
        _templates()
        .get_template(f"{template}.html")
        .render(
            reader=reader,
            visit=reader.visit,
            language=reader.language,
            languages=languages(),
            business=reader.business,
            t=reader.language.says,
            style=style_of(colour),
            logo=logo,
            frame=embedding.frame_script() if reader.site else None,
            **names,
        )
    )
    framed = [embedding.POLICY] if reader.site else []
    pays = reader.business is not None and reader.business.payments.online
    policy = "; ".join(
        [_policy(colour, has_logo=bool(logo), takes_cards=pays), *framed, f"frame-ancestors {_framed_by(reader)}"]
    )
    headers = {**_guarded(reader), "Content-Security-Policy": policy, "Content-Language": reader.language.tag}
    return Response(int(status), "text/html; charset=utf-8", body, headers=headers)


def sentences(macro: str, language: Language, *about: object) -> str:
    """What a macro of the pages says in that language, without markup."""
    said: Markup = getattr(_templates().get_template("parts.html").module, macro)(language.says, language, *about)
    return said.striptags()


def picture(content: bytes, kind: str) -> Response[bytes]:
    """For good, for another one has another name; opened by itself it may do nothing."""
    headers = {
        **FOR_GOOD,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(int(HTTPStatus.OK), kind, content, headers=headers)


def _guarded(reader: Reader) -> dict[str, str]:
    """What a business offers may be found, if it wishes."""
    visit = reader.visit
    is_hidden = reader.business is not None and not reader.business.findable
    if is_hidden or visit.event.http_method != "GET" or not PUBLIC.fullmatch(visit.path) or "hold" in visit.asked:
        return PRIVATE
    return GUARDED | {"X-Robots-Tag": "nofollow"} if visit.asked else GUARDED


def _framed_by(reader: Reader) -> str:
    """The business's own sites may frame its booking pages, and nobody a page that a link opens."""
    origins = reader.business.embed_origins if reader.business and reader.visit.path.startswith(BOOKING) else ()
    return " ".join(origins) or "'none'"


def see_other(address: str) -> Response[str]:
    """After a change: going back or loading again does not repeat it."""
    return Response(int(HTTPStatus.SEE_OTHER), body="", headers={**PRIVATE, "Location": address})


def permanently(address: str) -> Response[str]:
    """To the page's own address, with whatever was sent."""
    return Response(int(HTTPStatus.PERMANENT_REDIRECT), body="", headers={**PRIVATE, "Location": address})


def no_icon() -> Response[str]:
    """Browsers ask for one beside the first page; told so once, they do not ask again."""
    return Response(int(HTTPStatus.NO_CONTENT), body="", headers=FOR_GOOD)


def again_later(answer: Response[str], refusal: Refusal) -> Response[str]:
    """The same, saying to machines as well when it may be asked again."""
    answer.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return answer


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
