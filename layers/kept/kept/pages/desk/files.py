"""The front desk's pages as answers: a shell without any data, and the files that it names."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kept.api.problems import problem
from kept.errors import UnknownRoute
from kept.pages.desk import assets
from kept.settings import setting

GUARDED = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""An address may hold the code of a sign-in, which is nobody else's business."""
FOR_GOOD = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


def shell(*, now: datetime) -> Response[str]:
    """The same for every page and everybody; `now` goes along, because a desk's own clock may be wrong."""
    sign_in = setting("SIGN_IN_URL")
    body = _template().render(
        now=now.isoformat(),
        sign_in=sign_in,
        client=setting("STAFF_CLIENT"),
        address=setting("PUBLIC_URL"),
        words={it.name: it.address for it in assets.words()},
        styles=[it.address for it in assets.styles()],
        import_map=assets.import_map(),
        modules=assets.at_once(),
        run=assets.run(),
    )
    headers = {**GUARDED, "Content-Security-Policy": _policy(sign_in)}
    return Response(int(HTTPStatus.OK), "text/html; charset=utf-8", body, headers=headers)


def file(address: str, *, encodings: str) -> Response[str] | Response[bytes]:
    """Compressed for who understands that; a name of an earlier deployment leads nowhere."""
    if (asset := assets.assets().get(address)) is None:
        body = json.dumps(problem(UnknownRoute()))
        return Response(int(HTTPStatus.NOT_FOUND), "application/problem+json", body)
    if "gzip" not in encodings:
        return Response(int(HTTPStatus.OK), asset.kind, asset.content.decode(), headers=FOR_GOOD)
    headers = {**FOR_GOOD, "Content-Encoding": "gzip"}
    return Response(int(HTTPStatus.OK), asset.kind, asset.compressed, headers=headers)


@cache
def words() -> Mapping[str, Mapping[str, Any]]:
    """By language, English first: of every page, and of what is loaded when it is opened."""
    found: dict[str, dict[str, Any]] = {}
    for it in assets.words():
        found.setdefault(it.name.rpartition("/")[2], {}).update(json.loads(it.content))
    return found


def _policy(sign_in: str) -> str:
    """Only this origin's files run and are asked, and beside them the sign-in; no text can become markup."""
    address = urlsplit(sign_in)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {assets.digest_of_import_map()}",
            "style-src 'self'",
            "img-src 'self'",
            f"connect-src 'self' {address.scheme}://{address.netloc}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


@cache
def _template() -> Template:
    known = Environment(
        loader=FileSystemLoader(assets.HERE), undefined=StrictUndefined, autoescape=True, trim_blocks=True
    )
    return known.get_template("desk.html")
