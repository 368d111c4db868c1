"""The booking page inside a site of the business: the element that the site uses, and the script that its frame runs.

Nothing of either is asked for by anybody else: the pages themselves know no script.
"""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, sha384
from http import HTTPStatus
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

HERE = Path(__file__).with_name("embed")
KIND = "text/javascript; charset=utf-8"
POLICY = "script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
"""Of a page that runs it, beside its own."""
AN_HOUR = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sites name it for good, so what is mended in it is theirs within the hour; modules are asked for by CORS."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
FOR_NOW = {**FOR_GOOD, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class FrameScript:
    """Asked for by its version, which is a digest of it."""

    version: str
    integrity: str

    @property
    def address(self) -> str:
        return f"/embed/frame.js?v={self.version}"


@cache
def frame_script() -> FrameScript:
    content = _content("frame")
    digest = b64encode(sha384(content).digest()).decode()
    return FrameScript(sha256(content).hexdigest()[:16], f"sha384-{digest}")


def element() -> Response[str]:
    return Response(int(HTTPStatus.OK), KIND, _content("embed").decode(), headers=AN_HOUR)


def frame_file(version: str) -> Response[str]:
    """Kept for good where it is the version that was asked for; a page of another one does not run it."""
    headers = FOR_GOOD if version == frame_script().version else FOR_NOW
    return Response(int(HTTPStatus.OK), KIND, _content("frame").decode(), headers=headers)


@cache
def _content(name: str) -> bytes:
    return (HERE / f"{name}.js").read_bytes()
