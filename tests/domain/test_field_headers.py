"""Whatever somebody types, an e-mail has our headers, one reader, the subject that was meant and our body; and nothing
typed is code in a calendar file, a provider's template, a text or a gateway's message.

Read again by the standard library of whichever Python runs this, and of every other on the machine that Kept allows.
"""

import json
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from build_layer import interpreter
from kept.messaging.channels import Parcel, Rejected
from kept.messaging.channels.email import composed
from kept.messaging.channels.mail_headers import phrase, unstructured
from kept.messaging.channels.templates import filled
from kept.messaging.channels.webhook import said
from kept.visible import one_line
from tests.domain.channel_wires import EMAIL, LINK, MAIL, NOW, RENDERED, TO_WHATSAPP, UNSUBSCRIBE, Wire, email
from tests.domain.test_ical import a_file, an_event

OURS = ["From", "To", "Subject", "Auto-Submitted", "Content-Language", "Reply-To", "MIME-Version", "Content-Type"]
SENDER = "desk@kept.example"

TYPED = [
    pytest.param("=?utf-8?q?=0D=0A=0D=0Aevil?=", id="an encoded word with a line break"),
    pytest.param("=?utf-8?q?=0D=0Abcc=3A_all=40example=2Ecom?=", id="an encoded word with a header"),
    pytest.param("=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLmNvbQ0K?=", id="the same in base 64"),
    pytest.param("=?iso-8859-1?Q?a?= =?utf-8?q?=0A?=", id="two encoded words"),
    pytest.param("Ann =?utf-8?q?=22=3Ca=40b=2Ec=3E?=", id="an encoded word with an address"),
    pytest.param("=?utf-8?q?half", id="half an encoded word"),
    pytest.param("=?unknown-8bit?q?=FF?=", id="an encoded word of no charset"),
    pytest.param("=?utf-8*en?q?a?=", id="an encoded word with a language"),
    pytest.param("Ann\r\nBcc: all@example.com", id="a line break"),
    pytest.param("Ann\nX: y", id="a line feed"),
    pytest.param("Ann\rX: y", id="a carriage return"),
    pytest.param("Ann\u2028Bcc: x", id="a line separator"),
    pytest.param("Ann\x0bBcc: x\x0c\x85", id="other line breaks"),
    pytest.param('Ann" <evil@example.com>, "', id="quotes and another address"),
    pytest.param("Ann \\", id="a backslash at the end"),
    pytest.param("Ann <evil@example.com>", id="angle brackets"),
    pytest.param("Ann; group: a@b.example;", id="a group"),
    pytest.param("Ann (evil)", id="a comment"),
    pytest.param("a, b, c", id="commas"),
    pytest.param("\u202eevil\u202c", id="turned round"),
    pytest.param("שלום עולם", id="Hebrew"),
    pytest.param("محمد بن سلمان", id="Arabic"),
    pytest.param("王芳" * 60, id="long Chinese"),
    pytest.param("👩‍👩‍👧‍👦 family", id="a family"),
    pytest.param("x" * 998, id="a line as long as may be"),
    pytest.param("a " * 600, id="a long line with spaces"),
    pytest.param("\udfff\ud800", id="half pairs"),
    pytest.param("\x00\x1b[31m", id="control characters"),
    pytest.param("é" * 23, id="two bytes that fall on the border"),
    pytest.param(".", id="a full stop"),
    pytest.param("From me", id="what a mailbox begins with"),
    pytest.param("{{ self }} %s {0}", id="templates"),
]
ANYTHING = st.text(max_size=200) | st.lists(
    st.sampled_from(["=?utf-8?q?", "=?utf-8?b?", "?=", "=0D=0A", "\r\n", '"', "\\", "<", ">", ",", ":", " ", "é", "王"])
).map("".join)


def parcel(typed: str) -> Parcel:
    shown = replace(RENDERED, subject=typed, text=f"Hello {one_line(typed)}\nTo: x\n", html="<p>Hello</p>")
    return replace(MAIL, sender=typed, reader=typed, rendered=shown, invitation=None)


def check(raw: bytes, typed: str) -> None:
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    mail = message_from_bytes(raw, policy=policy.SMTP)
    assert sorted(mail.keys()) == sorted(OURS)
    assert mail["Subject"] == one_line(typed)
    assert [it.addr_spec for it in mail["From"].addresses] == [SENDER]
    assert _closed_up(mail["From"].addresses[0].display_name) == _closed_up(one_line(typed))
    assert [it.addr_spec for it in mail["To"].addresses] == [EMAIL]
    assert [it.addr_spec for it in mail["Reply-To"].addresses] == ["desk@lotus.example"]
    assert mail.get_content_type() == "multipart/alternative"
    parts = [part for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert parts[0].get_content().splitlines() == f"Hello {one_line(typed)}\nTo: x\n".splitlines()


def _closed_up(name: str) -> str:
    """Python's parser leaves a space between the encoded words of a long name, which RFC 2047 (6.2) has dropped."""
    return name.replace(" ", "")


@pytest.mark.parametrize("typed", TYPED)
def test_an_email_has_our_headers_whatever_was_typed(typed: str) -> None:
    """No name or subject adds a header or a reader, and each is read as it was typed, on one line."""
    check(composed(parcel(typed), sender=SENDER, to=EMAIL), typed)


@pytest.mark.slow
@given(ANYTHING)
@example("=?utf-8?q?=0D=0A?=")
@settings(deadline=None)
def test_an_email_has_our_headers_whatever_is_typed(typed: str) -> None:
    check(composed(parcel(typed), sender=SENDER, to=EMAIL), typed)


@given(ANYTHING)
def test_a_header_is_ascii_on_lines_that_begin_with_a_space(typed: str) -> None:
    """So nothing that was typed can begin a header of its own, nor make a line longer than servers take."""
    for written in (phrase(typed), unstructured(typed)):
        assert written.isascii()
        first, *others = written.split("\r\n")
        assert all(line.startswith(" =?utf-8?b?") and len(line) <= 76 for line in others)
        assert not set(written.replace("\r\n", "")) & set(map(chr, range(32)))
        assert len(first) <= 420


def _python(version: str) -> str:
    """Its own where that version is not on this machine."""
    return interpreter(version) or sys.executable


READS = """
import sys, json, base64
from email import message_from_bytes, policy
for line in sys.stdin:
    mail = message_from_bytes(base64.b64decode(line), policy=policy.SMTP)
    parts = [p.get_content() for p in mail.walk() if not p.is_multipart()]
    senders = [a.addr_spec for a in mail["From"].addresses]
    print(json.dumps([sorted(mail.keys()), str(mail["Subject"]), senders, [a.addr_spec for a in mail["To"].addresses],
                      parts[0].splitlines()]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_that_is_allowed_reads_the_same(version: str) -> None:
    """What one Python wrote has our headers, subject and readers in the parser of every other."""
    name = _python(version)
    every = [str(param.values[0]) for param in TYPED]
    lines = "\n".join(b64encode(composed(parcel(typed), sender=SENDER, to=EMAIL)).decode() for typed in every)
    told = subprocess.run([name, "-c", READS], input=lines, capture_output=True, text=True, check=True).stdout
    for typed, line in zip(every, told.splitlines(), strict=True):
        plain = f"Hello {one_line(typed)}\nTo: x\n".splitlines()
        assert json.loads(line) == [sorted(OURS), one_line(typed), [SENDER], [EMAIL], plain]


WRITES = """
import json, sys
for typed in json.load(sys.stdin):
    print(json.dumps([phrase(typed), unstructured(typed)]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_python_that_is_allowed_writes_the_same(version: str) -> None:
    """A business that changes its Python sends the same headers as before."""
    name = _python(version)
    header = (
        Path("layers/kept/kept/messaging/channels/mail_headers.py")
        .read_text()
        .replace("from kept.visible import one_line", "")
    )
    seen = Path("layers/kept/kept/visible.py").read_text()
    program = f"{seen}\n{header}\n{WRITES}"
    every = [str(param.values[0]) for param in TYPED]
    told = subprocess.run([name, "-c", program], input=json.dumps(every), capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in told.stdout.splitlines()] == [[phrase(t), unstructured(t)] for t in every]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("=?utf-8?q?a=40evil=2Eexample=2C?=@b.example", id="an encoded word"),
        pytest.param("=?utf-8?q?=0D=0ABcc=3Ax?=@b.example", id="an encoded word with a header"),
        pytest.param("a@b.example, c@d.example", id="two"),
        pytest.param("a@b.example\r\nBcc: c@d.example", id="a line break"),
        pytest.param("Ann <a@b.example>", id="a name"),
        pytest.param('"a b"@c.example', id="quoted"),
        pytest.param("a;b@c.example", id="a semicolon"),
        pytest.param("a(b)@c.example", id="a comment"),
        pytest.param("é@c.example", id="an accent"),
        pytest.param("@c.example", id="no name"),
        pytest.param("a@", id="no domain"),
        pytest.param("a", id="no at"),
        pytest.param("", id="nothing"),
        pytest.param("a@b.example\x00", id="a null"),
        pytest.param("a@[192.0.2.1]", id="a number"),
        pytest.param("x" * 65 + "@c.example", id="65 letters"),
        pytest.param("a b@c.example", id="a space"),
    ],
)
def test_an_address_that_was_stored_before_is_rejected_before_anything_is_claimed(address: str) -> None:
    """An address from before the checks brings in no second reader, and nothing is asked of the provider."""
    wire = Wire([(200, {"MessageId": "p-1"})])
    with pytest.raises(Rejected):
        email(wire).compose(replace(MAIL, to=address))
    assert wire.requests == []


def test_a_link_that_ends_the_messages_is_a_link_and_nothing_else() -> None:
    """A line break in the link to unsubscribe adds no reader."""
    raw = composed(replace(MAIL, unsubscribe=f"{UNSUBSCRIBE}\r\nBcc: x@y.example"), sender=SENDER, to=EMAIL)
    assert message_from_bytes(raw, policy=policy.SMTP)["Bcc"] is None


@pytest.mark.parametrize("typed", TYPED)
def test_a_template_s_variable_is_one_line_without_tabs_or_runs_of_spaces(typed: str) -> None:
    """WhatsApp refuses line breaks, tabs, and more than four spaces in a row."""
    named = {"client": f"{typed}\t    x", "when": "now", "prepare": "", "link": LINK}
    _, variables = filled(replace(TO_WHATSAPP, rendered=replace(RENDERED, named=named)))
    assert all(_is_plain(value) for value in variables.values())


def _is_plain(value: str) -> bool:
    return bool(value) and not set(value) & set("\r\n\t\u2028\u2029\x0b\x0c\x85") and "  " not in value


@pytest.mark.parametrize("typed", [*TYPED, pytest.param("a\\nb;X=1:2,c\\", id="what calendar files escape")])
def test_a_calendar_file_has_our_lines_whatever_was_typed(typed: str) -> None:
    """And says what was typed, on one line, of which a program that reads it makes nothing else."""
    event = an_event(service=typed, where=typed, staff=typed, prepare=typed, room="", client=typed, business=typed)
    plain = an_event(service="x", where="x", staff="x", prepare="x", room="", client="Ann", business="x")
    assert event.keys() == plain.keys()
    assert str(event["summary"]) == one_line(f"{typed} – {typed}")
    assert str(event["location"]) == one_line(typed)
    assert str(event["attendee"]) == "mailto:li@example.com"
    assert str(event["organizer"]) == "mailto:desk@lotus.example"
    assert a_file(service=typed, client=typed)["method"] == "REQUEST"


@pytest.mark.parametrize("typed", TYPED)
def test_a_gateway_gets_json_in_which_the_name_is_a_name(typed: str) -> None:
    """It adds no field to what a gateway is told, and is there on one line or left out."""
    told = json.loads(json.dumps(said(replace(MAIL, reader=typed), NOW), ensure_ascii=False).encode())
    assert told["data"].keys() == said(MAIL, NOW)["data"].keys()
    assert told["data"]["reader"] in ("", one_line(typed))
