"""A page as an answer: its template, filled in and escaped, with headers that let nothing in or out."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kept.errors import Refusal
from kept.pages.language import languages
from kept.pages.reader import Reader

HERE = Path(__file__).parent
STYLE = (HERE / "pages.css").read_text(encoding="utf-8")
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""A path may hold a client's token, which no cache, no other site and no search engine is to see."""


def page(reader: Reader, template: str, status: HTTPStatus = HTTPStatus.OK, **names: object) -> Response[str]:
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
            style=STYLE,
            **names,
        )
    )
    headers = {**PRIVATE, "Content-Security-Policy": POLICY, "Content-Language": reader.language.tag}
    return Response(int(status), "text/html; charset=utf-8", body, headers=headers)


def see_other(address: str) -> Response[str]:
    """After a change: going back or loading again does not repeat it."""
    return Response(int(HTTPStatus.SEE_OTHER), body="", headers={**PRIVATE, "Location": address})


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
