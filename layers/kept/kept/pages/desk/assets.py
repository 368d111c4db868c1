"""The front desk's files, each under a name that holds a digest of it: kept for good, by browsers and by a CDN."""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256, sha384
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCRIPT, STYLE, WORDS = (f"text/{kind}; charset=utf-8" for kind in ("javascript", "css", "plain"))
COMMENTS = re.compile(rb"^[ \t]*/\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(rb"^[ \t]+", re.MULTILINE)
MAIN, EARLY = "desk/main", "desk/early"
"""The module that everything begins with; and the one that runs before all others are loaded: it imports none."""


@dataclass(frozen=True, slots=True)
class Asset:
    """`name` is what modules import it by, or the tag of a language; `content` as it is stored."""

    name: str
    address: str
    kind: str
    content: bytes

    @property
    def integrity(self) -> str:
        return _integrity(self.content)

    @property
    def compressed(self) -> bytes:
        return _compressed(self.content)


@cache
def _integrity(content: bytes) -> str:
    return f"sha384-{b64encode(sha384(content).digest()).decode()}"


@cache
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


@cache
def assets() -> Mapping[str, Asset]:
    """By their address."""
    return {asset.address: asset for asset in (*modules(), *styles(), *words())}


@cache
def modules() -> tuple[Asset, ...]:
    """Ours and those of others, by the names in `import`."""
    ours = (_asset(_name(file), file, SCRIPT, _brief) for file in _scripts())
    theirs = (_asset(name, HERE / "vendor" / it["file"], SCRIPT) for name, it in vendored().items())
    return (*ours, *theirs)


@cache
def at_once() -> tuple[Asset, ...]:
    """Those that every page needs; what a view of its own folder is made of comes when it is opened."""
    return tuple(module for module in modules() if module.name.count("/") == 1 or not module.name.startswith("desk/"))


@cache
def spoken_at_once() -> tuple[Asset, ...]:
    """The words that every page needs, by language."""
    return tuple(it for it in words() if "/" not in it.name)


@cache
def styles() -> tuple[Asset, ...]:
    return tuple(_asset(file.stem, file, STYLE) for file in (HERE / "colours.css", HERE / "desk.css"))


@cache
def words() -> tuple[Asset, ...]:
    """By language, English first; those of a folder, which come with its modules, as `settings/en`."""
    files = sorted(HERE.glob("words/**/*.json"), key=lambda file: (len(file.parts), file))
    return tuple(_asset(file.relative_to(HERE / "words").with_suffix("").as_posix(), file, WORDS) for file in files)


@cache
def vendored() -> Mapping[str, Any]:
    """What `make vendor` copied: file, package, version, licence and digest, by the name that it is imported by."""
    found: Mapping[str, Any] = json.loads((HERE / "vendor/manifest.json").read_text(encoding="utf-8"))
    return found


@cache
def import_map() -> str:
    """Where each name leads, and what must be found there."""
    imports = {module.name: module.address for module in modules()}
    integrity = {module.address: module.integrity for module in modules()}
    return json.dumps({"imports": imports, "integrity": integrity}, separators=(",", ":"))


@cache
def digest_of_import_map() -> str:
    """As the page's policy names a script that stands in it."""
    return f"'sha256-{b64encode(sha256(import_map().encode()).digest()).decode()}'"


def run() -> tuple[Asset, ...]:
    """By the page itself, in this order."""
    named = {module.name: module for module in modules()}
    return named[EARLY], named[MAIN]


def sources() -> Iterator[tuple[str, str]]:
    """The modules that are ours, by name, as they are written."""
    for file in _scripts():
        yield _name(file), file.read_text(encoding="utf-8")


def _scripts() -> list[Path]:
    return sorted(HERE.glob("app/**/*.js"))


def _name(file: Path) -> str:
    """`desk/main`, or of a folder `desk/settings/form`."""
    return "/".join(("desk", *file.relative_to(HERE / "app").with_suffix("").parts))


def _brief(source: bytes) -> bytes:
    """Without comments on lines of their own, and without indentation: a sixth of what would be sent."""
    return INDENTED.sub(b"", COMMENTS.sub(b"", source))


def _asset(name: str, file: Path, kind: str, as_sent: Callable[[bytes], bytes] = bytes) -> Asset:
    content = as_sent(file.read_bytes())
    digest = sha256(content).hexdigest()[:16]
    return Asset(name, f"/desk/files/{file.stem}.{digest}{file.suffix}", kind, content)
