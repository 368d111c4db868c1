"""The front desk's files as answers: a shell without any data, the script that asks the API, and its style."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kept.settings import setting

HERE = Path(__file__).parent
SCRIPT = (HERE / "desk.js").read_text(encoding="utf-8")
STYLE = "".join(file.read_text(encoding="utf-8") for file in (HERE.parent / "pages.css", HERE / "desk.css"))
VERSION = sha256((SCRIPT + STYLE).encode()).hexdigest()[:16]
"""Goes along in the addresses of the two, so that a browser keeps them and still has new ones after a deployment."""

GUARDED = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""An address may hold the code of a sign-in, which is nobody else's business."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


def shell(*, now: datetime) -> Response[str]:
    """The same for every page and everybody; `now` goes along, because a desk's own clock may be wrong."""
    sign_in = setting("SIGN_IN_URL")
    body = _template().render(
        now=now.isoformat(),
        sign_in=sign_in,
        client=setting("STAFF_CLIENT"),
        address=setting("PUBLIC_URL"),
        words=words(),
        version=VERSION,
    )
    headers = {**GUARDED, "Content-Security-Policy": _policy(sign_in)}
    return Response(int(HTTPStatus.OK), "text/html; charset=utf-8", body, headers=headers)


def script() -> Response[str]:
    return Response(int(HTTPStatus.OK), "text/javascript; charset=utf-8", SCRIPT, headers=FOR_GOOD)


def style() -> Response[str]:
    return Response(int(HTTPStatus.OK), "text/css; charset=utf-8", STYLE, headers=FOR_GOOD)


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """By language, English first."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(HERE.glob("words/*.json"))}


def _policy(sign_in: str) -> str:
    """Only this origin's files run and are asked, and beside them the sign-in; no text can become markup."""
    address = urlsplit(sign_in)
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self' {address.scheme}://{address.netloc}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


@cache
def _template() -> Template:
    known = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True)
    return known.get_template("desk.html")
