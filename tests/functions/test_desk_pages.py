"""What the browser of the front desk is given: the same for everybody, without any data, and guarded."""

import gzip
import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256, sha384
from pathlib import Path
from typing import Any

import pytest

import desk_pages
from kept import clock
from kept.pages.desk import assets
from tests import lotus
from tests.asking import an_http_event

PINS = Path(__file__).parents[2] / "infra/browser"
EVIL = '"><script>alert(1)</script>'
PAGES = ("/desk", "/desk/callback", "/desk/appointments/a-1", "/desk/clients", "/desk/work")


def answered(path: str, encodings: str = "", **query: str) -> dict[str, Any]:
    event = an_http_event(f"GET {path}", query=query)
    event["headers"]["accept-encoding"] = encodings
    answer: dict[str, Any] = desk_pages.handler(event, None)
    return answer


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    body: str = answered("/desk")["body"]
    return body


def test_every_page_is_the_same_shell_whoever_asks_and_for_whatever(shell: str) -> None:
    """Nothing of an address, which may hold the code of a sign-in, comes back in it."""
    for path in PAGES:
        assert answered(path, code=EVIL, on=EVIL)["body"] == shell


def test_the_shell_says_what_time_it_is_where_to_sign_in_and_where_the_words_are(shell: str) -> None:
    facts = dict(re.findall(r'data-([\w-]+)="([^"]*)"', shell.partition("<head>")[0]))
    words = json.loads(facts.pop("words").replace("&#34;", '"'))
    assert words == {it.name: it.address for it in assets.words()}
    assert [name for name in words if "/" not in name] == ["en", "zh-Hans"]
    assert facts == {
        "now": lotus.NOW.isoformat(),
        "sign-in": "https://kept.auth.us-east-1.amazoncognito.com",
        "client": "5h2example",
        "address": "https://kept.example",
    }


def test_the_shell_is_kept_nowhere_framed_by_nobody_and_runs_only_our_script(shell: str) -> None:
    headers = answered("/desk")["headers"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    (in_the_page,) = re.findall(r'<script type="importmap">(.*?)</script>', shell)
    assert headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        f"script-src 'self' 'sha256-{b64encode(sha256(in_the_page.encode()).digest()).decode()}'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self' https://kept.auth.us-east-1.amazoncognito.com",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]


def test_nothing_else_in_the_shell_is_script_or_style_or_comes_from_elsewhere(shell: str) -> None:
    assert re.findall(r"<script(?! type=.importmap)[^>]*>(.*?)</script>", shell, re.DOTALL) == ["", ""]
    assert not re.search(r"<style|\sstyle=|\son\w+=", shell)
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*\b(?:src|href)="([^"]*)"', shell)
    assert {address for address in loaded if address not in assets.assets()} == set()
    assert set(loaded) == {it.address for it in (*assets.at_once(), *assets.styles())}


def test_each_module_is_where_the_map_leads_with_the_digest_it_asks_for(shell: str) -> None:
    (told,) = re.findall(r'<script type="importmap">(.*?)</script>', shell)
    for name, address in json.loads(told)["imports"].items():
        content = answered(address)["body"].encode()
        assert json.loads(told)["integrity"][address] == f"sha384-{b64encode(sha384(content).digest()).decode()}", name


def test_every_name_that_a_module_imports_is_in_the_map() -> None:
    names = {it.name for it in assets.modules()}
    imported = re.compile(r'(?:^|[;}])(?:import|export)\b[^;"]*\bfrom\s*"([^"]+)"', re.MULTILINE)
    for it in assets.modules():
        asked = set(imported.findall(it.content.decode()))
        assert asked <= names, it.name
        assert asked or "import" not in it.content.decode(), it.name


@pytest.mark.parametrize("asset", [pytest.param(it, id=it.name) for it in assets.assets().values()])
def test_a_file_is_kept_for_good_under_a_name_that_changes_with_it(asset: assets.Asset) -> None:
    plain, packed = answered(asset.address), answered(asset.address, encodings="gzip, br")
    assert plain["body"].encode() == asset.content == gzip.decompress(b64decode(packed["body"]))
    assert (plain["isBase64Encoded"], packed["isBase64Encoded"]) == (False, True)
    assert packed["headers"]["Content-Encoding"] == "gzip"
    for answer in (plain, packed):
        assert answer["statusCode"] == 200
        assert answer["headers"]["Content-Type"] == asset.kind
        assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["headers"]["Vary"] == "Accept-Encoding"
    assert sha256(asset.content).hexdigest()[:16] in asset.address


@pytest.mark.parametrize("name", ["main.js", "main.0000000000000000.js", "..%2Ffiles.py", "assets.py", EVIL])
def test_there_is_nothing_under_any_other_name(name: str) -> None:
    answer = answered(f"/desk/files/{name}")
    assert (answer["statusCode"], "<" in answer["body"]) == (404, False)


def test_what_is_sent_of_a_module_is_what_is_written_without_its_comments() -> None:
    """Nothing that does something goes with them: only lines between /** and */ that begin with it."""
    for name, source in assets.sources():
        sent = next(it.content.decode() for it in assets.modules() if it.name == name)
        gone = [line.strip() for line in source.splitlines() if line.strip() not in sent]
        assert not [line for line in gone if not re.match(r"/\*\*|\*|[A-Z@`]", line)], name


def test_the_app_fits_its_budget() -> None:
    """Compressed, all at once is under 150 KB, its scripts are under 100; what comes when it is opened, of all views
    together and in every language, is under 170."""
    scripts = sum(len(it.compressed) for it in assets.at_once())
    assert scripts < 100_000
    said = sum(len(it.compressed) for it in assets.spoken_at_once())
    later = sum(len(it.compressed) for it in (*assets.modules(), *assets.words())) - scripts - said
    assert later < 170_000
    assert scripts + said + sum(len(it.compressed) for it in assets.styles()) < 150_000


def test_no_module_makes_markup_of_what_people_wrote() -> None:
    for name, source in assets.sources():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(", source), (
            name
        )


def test_no_colour_stands_outside_the_file_of_colours() -> None:
    for style in assets.styles():
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl|\boklch", style.content.decode())
        assert bool(found) is (style.name == "colours"), style.name


@pytest.mark.parametrize("name", assets.vendored())
def test_what_is_of_others_is_as_it_was_taken(name: str) -> None:
    """By digest, with its licence beside it, at the version that is pinned."""
    about = assets.vendored()[name]
    pinned = json.loads((PINS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    content = (assets.HERE / "vendor" / about["file"]).read_bytes()
    assert f"sha384-{b64encode(sha384(content).digest()).decode()}" == about["integrity"]
    assert (assets.HERE / "vendor" / about["licence_file"]).read_text(encoding="utf-8").strip()
    assert pinned[f"node_modules/{about['package']}"]["version"] == about["version"]
    assert about["licence"] in {"MIT", "Apache-2.0", "ISC"}
