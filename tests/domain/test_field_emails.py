"""An address is accepted in the form in which it is written to, by today's IDNA, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.clients.contact import normal_email, wire_form
from kept.clients.refusals import InvalidEmail, UnwritableEmail


@pytest.mark.parametrize(
    ("written", "stored", "sent"),
    [
        pytest.param("info@faß.de", "info@faß.de", "info@xn--fa-hia.de", id="a sharp s is not two"),
        pytest.param("info@FASS.de", "info@fass.de", "info@fass.de", id="two are not a sharp one"),
        pytest.param("info@FAẞ.de", "info@faß.de", "info@xn--fa-hia.de", id="a capital sharp s"),
        pytest.param("info@xn--fa-hia.de", "info@faß.de", "info@xn--fa-hia.de", id="encoded before it was typed"),
        pytest.param("info@XN--FA-HIA.DE", "info@faß.de", "info@xn--fa-hia.de", id="encoded, in capitals"),
        pytest.param("a@βόλος.com", "a@βόλος.com", "a@xn--nxasmm1c.com", id="a final sigma"),
        pytest.param("a@bücher.example", "a@bücher.example", "a@xn--bcher-kva.example", id="an umlaut"),
        pytest.param("a@bu\u0308cher.example", "a@bücher.example", "a@xn--bcher-kva.example", id="an umlaut in two"),
        pytest.param("a@例え.jp", "a@例え.jp", "a@xn--r8jz45g.jp", id="Japanese"),
        pytest.param("a@b.рф", "a@b.рф", "a@b.xn--p1ai", id="a Cyrillic end"),
        pytest.param("ａｎｎ＠ｑｑ．ｃｏｍ", "ann@qq.com", "ann@qq.com", id="full-width"),
        pytest.param("ann@qq。com", "ann@qq.com", "ann@qq.com", id="a Chinese full stop"),
        pytest.param(
            "Ann+Kept@River.Example", "ann+kept@river.example", "ann+kept@river.example", id="a tag, small letters"
        ),
        pytest.param("o'brien@river.example", "o'brien@river.example", "o'brien@river.example", id="an apostrophe"),
        pytest.param("a_b-c%d@river.example", "a_b-c%d@river.example", "a_b-c%d@river.example", id="signs"),
        pytest.param(" ann@river.example\t", "ann@river.example", "ann@river.example", id="white space around"),
        pytest.param("ann\u200b@river.example", "ann@river.example", "ann@river.example", id="zero width"),
        pytest.param("\u202aann@river.example\u202c", "ann@river.example", "ann@river.example", id="direction marks"),
        pytest.param("\ufeffann@river.example", "ann@river.example", "ann@river.example", id="a byte-order mark"),
        pytest.param("mailto:ann@river.example", "ann@river.example", "ann@river.example", id="a link"),
        pytest.param("Ann <ann@river.example>", "ann@river.example", "ann@river.example", id="with its name"),
        pytest.param(
            '"Li, Ann" <ann@river.example>', "ann@river.example", "ann@river.example", id="with a quoted name"
        ),
        pytest.param("<ann@river.example>", "ann@river.example", "ann@river.example", id="in angle brackets"),
        pytest.param(
            "a" * 64 + "@river.example", "a" * 64 + "@river.example", "a" * 64 + "@river.example", id="64 letters"
        ),
        pytest.param("ann@b.test", "ann@b.test", "ann@b.test", id="a domain for tests"),
    ],
)
def test_it_is_stored_in_one_form_and_sent_to_in_the_same(written: str, stored: str, sent: str) -> None:
    """Full-width, encoded or copied with a name, it is one person's one address."""
    assert normal_email(written) == stored
    assert wire_form(stored) == sent
    assert normal_email(stored) == normal_email(sent) == stored


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("用户@例え.jp", id="Chinese"),
        pytest.param("éva@river.example", id="an accent"),
        pytest.param("İlker@river.example", id="a Turkish capital"),
        pytest.param("аnn@river.example", id="a Cyrillic a"),
        pytest.param("ann🙂@river.example", id="a face"),
        pytest.param("a" * 65 + "@river.example", id="65 letters"),
        pytest.param("=?utf-8?q?=0D=0Abcc=3Ax=40y=2Ez?=@river.example", id="an encoded word"),
        pytest.param("=?utf-8?b?eA==?=@river.example", id="an encoded word, in base 64"),
        pytest.param("a=?x@river.example", id="the beginning of one"),
    ],
)
def test_a_name_that_no_provider_writes_to_is_refused(written: str) -> None:
    """Whoever types it is told at once, instead of missing every message later."""
    with pytest.raises((UnwritableEmail, InvalidEmail)):
        normal_email(written)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("a@b.example, c@d.example", id="two by a comma"),
        pytest.param("a@b.example;c@d.example", id="two by a semicolon"),
        pytest.param("a@b.example c@d.example", id="two by a space"),
        pytest.param("a@b.example <c@d.example>", id="one for a name"),
        pytest.param("<a@b.example> <c@d.example>", id="two in angle brackets"),
        pytest.param("a@b@c.example", id="two at"),
        pytest.param("a@b.example\r\nBcc: c@d.example", id="another header"),
        pytest.param("a\n@b.example", id="a line inside"),
        pytest.param("a@b.example\x00", id="a null"),
        pytest.param("a\x7f@b.example", id="a control character"),
        pytest.param("\ud800@b.example", id="half a pair"),
        pytest.param('"a b"@c.example', id="quoted"),
        pytest.param("a(x)@b.example", id="a comment"),
        pytest.param("a\\@b.example", id="a backslash"),
        pytest.param("a@b.example.", id="a full stop behind"),
        pytest.param(".a@b.example", id="a full stop in front"),
        pytest.param("a..b@c.example", id="two full stops"),
        pytest.param("a@[192.0.2.1]", id="a number for a domain"),
        pytest.param("a@192.0.2.1", id="a bare number for a domain"),
        pytest.param("a@localhost", id="no full stop"),
        pytest.param("a@b.local", id="a name of the house"),
        pytest.param("a@b.invalid", id="a name that is none"),
        pytest.param("a@b.onion", id="a name of another net"),
        pytest.param("a@-b.example", id="a dash in front"),
        pytest.param("a@b_c.example", id="an underscore"),
        pytest.param("a@☕.example", id="a picture"),
        pytest.param("a@xn--a.example", id="encoded wrongly"),
        pytest.param("a@" + "x" * 64 + ".example", id="a long label"),
        pytest.param("a@" + "xxxxxxxxx." * 30 + "example", id="a long domain"),
        pytest.param("mailto:a@b.example?subject=x", id="a link with more"),
        pytest.param("Ann a@b.example", id="a name without brackets"),
        pytest.param("a" * 100_000 + "@b.example", id="endless"),
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(written: str) -> None:
    """Nobody else is written to by way of it, and no header is added."""
    with pytest.raises(InvalidEmail):
        normal_email(written)


@given(st.text(max_size=80) | st.builds("{}@{}.example".format, st.text(max_size=12), st.text(max_size=12)))
def test_whatever_is_typed_can_be_written_to_or_is_refused(written: str) -> None:
    """What is accepted is plain letters to a mail program, never a list or a header."""
    try:
        stored = normal_email(written)
    except InvalidEmail:
        return
    sent = wire_form(stored)
    assert sent.isascii()
    assert not set(sent) & set(' \r\n\t,;<>"()\\')
    assert sent.count("@") == 1
    assert normal_email(stored) == normal_email(sent) == stored
