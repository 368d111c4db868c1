"""A name keeps all that can be seen of it, and nothing else; one that holds an address is not sent to whoever it was
typed for. Invisible, turning, tag and variation characters are how names imitate others, hide text, and break lines."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kept.api.booking.requests import Name, Text
from kept.business.text_names import CALL, GREETINGS, LETTERS
from kept.channels import Channel
from kept.clients.guest import Details, guest
from kept.clients.names import as_named, said_to_them
from kept.messaging.channels.webhook import said
from kept.messaging.letter import Greeting, Letter
from kept.messaging.samples import samples
from kept.messaging.texts import render
from kept.messaging.words import LANGUAGES
from kept.visible import lines, one_line, shows
from tests.builders import BOOKED, a_catalog
from tests.domain.channel_wires import MAIL, NOW

STAYS = {
    "one letter": "X",
    "one character": "王",
    "Null": "Null",
    "True": "true",
    "an apostrophe": "O'Brien",
    "a curly apostrophe": "O’Brien",
    "a hyphen": "Jean-Luc",
    "a title": "Dr. Li",
    "initials": "J.R.R. Tolkien",
    "a number": "Elizabeth 2",
    "accents": "Zoë Müller-Łukasiewicz",
    "Vietnamese": "Nguyễn Thị Ánh",
    "Turkish": "İbrahim Işık",
    "Icelandic": "Þórður",
    "Chinese": "欧阳娜娜",
    "a rare character": "𠮷野家",
    "a Japanese variant": "葛\U000e0100城",
    "Japanese": "やまだ たろう",
    "Korean": "김민준",
    "Arabic": "محمد بن عبد الله",
    "Hebrew": "דָּוִד בֶּן־גּוּרִיּוֹן",
    "Persian with its joiner": "علی‌رضا",
    "Thai": "สมชาย ใจดี",
    "Devanagari with its joiner": "क्‍षितिज",
    "Bengali": "অনির্বাণ",
    "Sinhala with its joiner": "ශ්‍රී",
    "Tibetan": "བསྟན་འཛིན",
    "Khmer": "សុខា",
    "Georgian": "გიორგი",
    "Amharic": "አበበ",
    "Greek": "Ἀλέξανδρος",
    "Cyrillic": "Щукин-Ёлкин",
    "a picture": "Ann 🌸",
    "a picture in colour": "Ann ❤️",
    "a family": "👨‍👩‍👧‍👦",
    "a picture with a skin": "👋🏽 Ann",
    "a profession": "👩🏽‍⚕️ Ann",
    "a heart on fire": "❤️‍🔥",
    "a flag": "🇨🇳",
    "a hundred letters": "x" * 100,
    "a full stop": "Sammy Davis Jr.",
    "brackets": "Ann (Bob's mum)",
    "a bidden kind of quote": 'Ann "Annie" Lee',
    "an ampersand": "Ann & Bob",
    "a hash": "Client #7",
}
CLEANED = {
    "zero width space": ("A\u200bnn", "Ann"),
    "a joiner between letters that join nothing": ("A\u200dnn", "Ann"),
    "a joiner at the end": ("Ann\u200d", "Ann"),
    "a byte-order mark": ("\ufeffAnn", "Ann"),
    "a soft hyphen": ("An\u00adn", "Ann"),
    "word joiners": ("An\u2060n\u2063\u2064", "Ann"),
    "turned right to left": ("\u202enna\u202c", "nna"),
    "turned left to right": ("\u202dAnn", "Ann"),
    "isolated": ("\u2066Ann\u2069", "Ann"),
    "direction marks": ("\u200eAnn\u200f\u061c", "Ann"),
    "tags that spell": ("Ann" + "".join(chr(0xE0000 + ord(it)) for it in "pay 5"), "Ann"),
    "variations that spell": ("Ann" + "".join(chr(0xE0100 + it) for it in b"data"), "Ann"),
    "variations behind a picture": ("😀" + "\ufe01\ufe02\ufe0f\ufe0f", "😀\ufe0f"),
    "a line break": ("Ann\r\nBcc: x", "Ann Bcc: x"),
    "other line breaks": ("Ann\u2028Bob\u2029Cid\x0bDan\x0cEve\x85Fay", "Ann Bob Cid Dan Eve Fay"),
    "a null": ("Ann\x00", "Ann"),
    "an escape": ("\x1b[31mAnn", "[31mAnn"),
    "a bell and a backspace": ("Ann\x07\x08", "Ann"),
    "a tab": ("Ann\tLee", "Ann Lee"),
    "spaces of all kinds": ("Ann\u00a0\u2003\u3000 Lee", "Ann Lee"),
    "spaces around": ("  Ann  ", "Ann"),
    "half a pair": ("Ann\ud83d", "Ann"),
    "half a pair in front": ("\udc00Ann", "Ann"),
    "a private character": ("Ann\ue000\U000f0000", "Ann"),
    "no character at all": ("Ann\uffff\ufdd0\U0001fffe", "Ann"),
    "a filler of Hangul": ("Ann\u3164", "Ann"),
    "Braille's empty cell": ("Ann\u2800", "Ann"),
    "an interlinear note": ("Ann\ufff9x\ufffa\ufffb", "Annx"),
    "marks without end": ("A" + "\u0301" * 60, "Á" + "\u0301" * 6),
    "an accent in two": ("Zoe\u0308", "Zoë"),
    "a grapheme joiner": ("A\u034fnn", "Ann"),
    "a Mongolian separator": ("A\u180enn", "Ann"),
}
EMPTY = {
    "nothing": "",
    "spaces": "   \u3000\u00a0",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "direction marks": "\u200e\u202e\u2066",
    "a filler of Hangul": "\u3164\uffa0\u115f\u1160",
    "Braille's empty cell": "\u2800",
    "marks on nothing": "\u0301\u0302",
    "a variation of nothing": "\ufe0f\U000e0101",
    "tags": "\U000e0041\U000e007f",
    "control characters": "\x00\x01\x7f",
    "half pairs": "\ud800\udc00"[:1],
    "soft hyphens": "\u00ad\u00ad",
    "line breaks": "\r\n\u2028",
}
WITH_AN_ADDRESS = {
    "a link": "Win at http://evil.example",
    "a link in capitals": "HTTPS://EVIL.EXAMPLE/X",
    "a link of another kind": "ftp://evil.example",
    "a domain": "visit evil-prizes.example",
    "a domain that is well known": "Evil.Com",
    "a domain with www": "www.evil",
    "a domain that ends a sentence": "Win at evil.com.",
    "one in brackets": "(evil.com.)",
    "one and another sentence": "Win at evil.com. Anna",
    "one in capitals with a full stop": "EVIL.COM.",
    "one of two ends with a full stop": "evil.co.uk.",
    "one before three dots": "evil.com...",
    "a domain of one letter": "x.com",
    "one of one letter in capitals": "X.COM",
    "one that is shortened": "t.co",
    "a domain in Cyrillic": "приз.рф",
    "a domain all in Chinese": "抽奖.中国",
    "a company's in Chinese": "中奖.公司",
    "one in Latin letters with an end in others": "Evil.РФ",
    "a shortener": "bit.ly/abc",
    "a chat's link": "t.me/evil",
    "a domain with a path": "a.de/x",
    "a domain of many parts": "pay.secure-bank.co.uk",
    "a domain of full-width letters": "ｅｖｉｌ．ｃｏｍ",
    "a domain with a Chinese full stop": "evil。com",
    "a domain in Chinese": "中奖领取.com",
    "a hidden one": "ev\u200bil.com",
    "an address": "ann@evil.example",
    "a handle": "write to @evilbot",
    "a telephone number": "Call +1 900 555 1234",
    "a bare number": "加微信13800138000",
    "a number with full stops": "212.555.0123",
    "a number of a machine": "192.0.2.1",
    "a scheme alone": "tap https",
}  # fmt: skip


PIECES = "A\u0301\u0323\u034f\u200d\ufe0f❤👩क\u094d\u200cي\ud800 \n1\U000e0101葛\u3164"


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in STAYS.items()])
def test_what_can_be_seen_stays_and_is_said(name: str) -> None:
    """A client of any script is called by their own name, in what is stored and in what they are sent."""
    assert as_named(name) == one_line(name)
    assert said_to_them(name) == as_named(name)
    assert TypeAdapter(Name).validate_python(name) == as_named(name)


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in STAYS.items() if why not in ("Tibetan",)])
def test_it_stays_to_the_letter(name: str) -> None:
    """But for accents that Unicode itself puts together or apart (NFC)."""
    import unicodedata

    assert as_named(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("name", "kept"), [pytest.param(*pair, id=why) for why, pair in CLEANED.items()])
def test_what_cannot_be_seen_goes_by_every_way_in(name: str, kept: str) -> None:
    """Nobody imitates another's name or turns a line round, whether through the API or as a guest."""
    assert as_named(name) == kept
    assert TypeAdapter(Name).validate_python(name) == kept
    agreed = Details(name, phone="+8613812345678", agrees_to=(Channel.SMS,))
    assert guest(agreed, a_catalog().business, "c", source="", words="", now=BOOKED).name == kept


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in EMPTY.items()])
def test_a_name_of_which_nothing_is_seen_is_none(name: str) -> None:
    """Nobody books as a blank, whom staff could not call and no message could greet."""
    assert as_named(name) == ""
    assert not shows(name)
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(name)


def test_a_note_keeps_its_lines() -> None:
    """They mean something to staff who read it; only what cannot be seen goes."""
    assert lines("a\u202e\r\nb\x00\n\n c \n") == "a\nb\n\nc"
    assert TypeAdapter(Text).validate_python("a\r\n\u200bb") == "a\nb"


def test_a_name_is_as_long_as_what_is_seen_of_it() -> None:
    assert TypeAdapter(Name).validate_python("x" * 100 + "\u200b" * 50) == "x" * 100
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python("x" * 101)


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in WITH_AN_ADDRESS.items()])
def test_a_name_that_holds_an_address_is_not_said_to_them(name: str) -> None:
    """It is stored as it was typed, for staff to see."""
    assert as_named(name)
    assert said_to_them(name) == ""


NO_ADDRESS = ["Dr.Li", "J.Lo", "Mr.Smith", "St.John", "John.Smith", "A.B.", "Prof.dr. Ann", "Univ.prof. Ann", "Dr.Li."]
INITIALS = ["J.Lo.", "K.Co", "A.Ly", "T.Link", "J.R.R. Tolkien", "S.p.A.", "e.l.f.", "Ph.D.", "Mr. Wu. Anna"]
OTHER_LETTERS = ["Иван.иванов", "买买提.艾山", "María.José", "王。小明"]


@pytest.mark.parametrize("name", [*NO_ADDRESS, *INITIALS, *OTHER_LETTERS])
def test_a_full_stop_alone_makes_no_address(name: str) -> None:
    """Titles, initials and names joined by a full stop are greeted as typed, though some end like domains."""
    assert said_to_them(name) == name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK])
@pytest.mark.parametrize("stage", sorted({*LETTERS, *GREETINGS}))
def test_no_message_to_a_client_sends_on_the_address_in_a_name(stage: str, channel: Channel, language: str) -> None:
    """Anybody can book in such a name with somebody else's number, and have it sent there in ours."""
    for matter in samples(stage, language):
        if not isinstance(matter, Letter | Greeting):
            continue
        written = render(stage, channel, replace(matter, client="Win at http://evil.example"))
        told = (written.subject, written.text, written.html, *written.named.values())
        assert not any("evil" in part for part in told)
        assert "Hello ," not in written.text
        assert "\n，" not in written.text


def test_staff_read_the_name_as_it_is() -> None:
    """Whoever calls a client has to see what was typed, the address with it."""
    matter = samples("at_risk", "en")[0]
    assert isinstance(matter, Letter)
    assert "evil.com" in render("at_risk", Channel.CALL, replace(matter, client="evil.com")).subject
    assert CALL


def test_a_gateway_is_not_given_it_either() -> None:
    """It would send the address on to the client; a name without one it gets, but for what cannot be seen."""
    assert said(replace(MAIL, reader="Win at http://evil.example"), NOW)["data"]["reader"] == ""
    assert said(replace(MAIL, reader="Ann\u202e"), NOW)["data"]["reader"] == "Ann"


@example("\u0301\ufe00\u094d\u200c")
@example("a\u0301\ufe0f\u094d\u200c\u0915")
@given(st.text(max_size=60) | st.text(alphabet=PIECES, max_size=20))
def test_whatever_is_typed_comes_out_on_one_line_and_stays_so(name: str) -> None:
    kept = one_line(name)
    assert one_line(kept) == kept
    assert kept.splitlines() in ([], [kept])
    assert kept == kept.strip()
    assert kept.encode().decode() == kept
    assert as_named(name) in ("", kept)
