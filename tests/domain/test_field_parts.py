"""A text message takes one part, two where its letters are not in the plain alphabet, and still says what it must.

What it must say: who writes, what, when, the link, and how to stop. The names: tests/bench/names_in_texts.
"""

from dataclasses import replace

import pytest

from kept.business.own_text import OwnText
from kept.business.text_names import TO_CLIENTS, TURN_NEAR
from kept.channels import Channel
from kept.messaging.letter import Greeting, Letter
from kept.messaging.samples import samples
from kept.messaging.segments import GSM_7, UCS_2, segments
from kept.messaging.terse import ALLOWED, SHORTEST, cut, plain, without_pictures
from kept.messaging.texts import render
from kept.messaging.words import LANGUAGES, street, words_in
from tests.bench.names_in_texts import LONG, TYPICAL, tried
from tests.bench.texts import parts

NAMED = [
    pytest.param(language, named, id=f"{language}, {names}")
    for kind in (TYPICAL, LONG)
    for language, sets in kind.items()
    for names, named in sets.items()
]
every_client_text = pytest.mark.parametrize("text", TO_CLIENTS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def texted(text: str, about: Letter | Greeting) -> str:
    return render(text, Channel.SMS, about).text


TO_BOOK_AGAIN = {"cancelled", "declined", "missed_you", "missed_again", "missed_last"}


@pytest.mark.slow
def test_no_text_takes_more_parts_than_it_may() -> None:
    """The table of `python -m tests.bench texts`: one in English and two in Chinese with the names of most."""
    assert [it for it in parts() if it.after > it.most] == []
    assert max(it.after for it in parts() if it.kind == "typical" and it.language == "en") == 1


@pytest.mark.slow
def test_every_text_takes_fewer_parts_than_it_did() -> None:
    """No text became dearer, and all of them together cost less than half of before."""
    before_and_after = [(it.before, it.after) for it in parts()]
    assert [it for it in before_and_after if it[1] > it[0]] == []
    assert sum(after for _, after in before_and_after) * 2 < sum(before for before, _ in before_and_after)


@pytest.mark.parametrize(("language", "named"), NAMED)
@every_client_text
def test_what_must_be_said_is_still_said(text: str, language: str, named: dict[str, str]) -> None:
    """However long the names, a client reads who writes, what and when, has the link and can stop it. Whoever waits in
    the queue knows for what."""
    for about in tried(text, language, named):
        said = texted(text, about)
        link = about.rebook if isinstance(about, Letter) and text in TO_BOOK_AGAIN else about.link
        assert f"{link} " in f"{said} "
        assert begins(about.business) in said
        assert begins(about.service) in said or text == TURN_NEAR
        assert not about.keys or ("STOP" if language == "en" else "退订回TD") in said
        if isinstance(about, Letter):
            clock = words_in(language)
            assert clock.moment(about.starts) in said or clock.in_brief(about.starts) in said
        elif about.unsubscribe and not about.keys:
            assert said.endswith((f" {about.unsubscribe}", f"：{about.unsubscribe}"))


def begins(name: str) -> str:
    """As much of a name as always stands in a text, in signs that it may be written with."""
    shown = without_pictures(plain(name)) if segments(without_pictures(plain(name))).encoding == GSM_7 else name
    return cut(shown, SHORTEST).rstrip("….,;:&-' ")[: SHORTEST - 2].rpartition(" ")[0] or shown[: SHORTEST // 2]


@pytest.mark.parametrize(("language", "named"), NAMED)
def test_the_visit_of_somebody_else_names_them(language: str, named: dict[str, str]) -> None:
    """Whoever books for another reads whose visit it is, within the parts that it may take."""
    about = next(tried("confirmation", language, named))
    assert isinstance(about, Letter)
    said = texted("confirmation", replace(about, named="Klara Berg", client="Klara Berg"))
    assert "Klara" in said
    assert segments(said).count <= ALLOWED[segments(said).encoding]


def a_letter(**changed: object) -> Letter:
    ordinary = samples("reminder", "en")[0]
    assert isinstance(ordinary, Letter)
    return replace(ordinary, **changed)  # type: ignore[arg-type]


IN_ORDER = ["for Klara", "Reply 1 confirm", "12 Elm Street", "Joe Miller"]


@pytest.mark.slow
def test_what_is_left_out_is_what_is_needed_least() -> None:
    """With a name that grows letter by letter: whoever it is for goes after the keys, those after the place."""
    held = []
    for letters in range(1, 100):
        said = texted("reminder", a_letter(service="Tuning"[:letters] + "g" * (letters - 6), named="Klara"))
        held.append(tuple(part in said for part in IN_ORDER))
        assert segments(said).count == 1
    first_without = [next(n for n, parts in enumerate(held) if not parts[it]) for it in (3, 2, 1)]
    assert first_without == sorted(first_without)
    assert all(parts[0] for parts in held)


def test_a_longer_link_takes_the_parts_it_must_and_fills_them() -> None:
    """A deployment without a domain of its own, or a link that was signed before they were short."""
    said = texted("reminder", a_letter(link=f"https://{'x' * 150}.example.com/k/mfrggzdfmztw"))
    assert segments(said).count == 2
    assert "with Joe Miller, 12 Elm Street" in said


def test_an_optional_name_in_another_alphabet_does_not_double_the_cost() -> None:
    """A name of staff that would do so is left out, and still told where parts cost nothing."""
    said = texted("confirmation", a_letter(staff="Łukasz"))
    assert segments(said).encoding == GSM_7
    assert "Łukasz" in render("confirmation", Channel.WHATSAPP, a_letter(staff="Łukasz")).text


def test_a_service_in_another_alphabet_is_told_as_it_is_in_two_parts() -> None:
    """What was booked is no optional name: it stands there whole, at the cost of a second part."""
    said = texted("confirmation", a_letter(service="Стрижка", staff="Łukasz"))
    assert (segments(said).encoding, segments(said).count) == (UCS_2, 2)
    assert "Стрижка" in said


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK])
def test_what_costs_no_parts_leaves_nothing_out(channel: Channel) -> None:
    """WhatsApp, WeChat and a gateway get the names, the place and what to bring in full."""
    said = render("two_days", channel, a_letter(business="Miller’s Garage 🚗")).text
    assert "Miller’s Garage 🚗" in said
    assert "12 Elm Street, Albany, Lift 2. Please bring the key." in said


def test_words_of_the_business_s_own_are_left_as_they_are_but_for_their_signs() -> None:
    """Nothing of them is cut; only quotes, dashes and dots are sent as their plain twins."""
    own = OwnText("en", "reminder", sms="“See you” – {{ service }} with {{ staff }}… {{ link }}")
    said = render("reminder", Channel.SMS, a_letter(), {own.id: own}).text
    assert said.startswith('"See you" - Oil change with Joe Miller... https://')


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        pytest.param("Miller’s", "Miller's", id="an apostrophe"),
        pytest.param("‘a’ ‚b‛", "'a' 'b'", id="single quotes"),
        pytest.param("“a” „b‟ «c»", '"a" "b" "c"', id="double quotes"),
        pytest.param("a – b — c ‒ d ― e", "a - b - c - d - e", id="dashes"),
        pytest.param("co‑op, e‐mail, −5", "co-op, e-mail, -5", id="hyphens and a minus"),
        pytest.param("wait…", "wait...", id="an ellipsis"),
        pytest.param("2\u00a0PM, 3\u202fPM, 4\u2009PM", "2 PM, 3 PM, 4 PM", id="spaces that do not break"),
        pytest.param("5′ 6″", "5' 6\"", id="primes"),
        pytest.param("a • b · c", "a - b - c", id="bullets"),
        pytest.param("`a´", "'a'", id="accents alone"),
        pytest.param("4×4, 1⁄2", "4x4, 1/2", id="times and a fraction's stroke"),
        pytest.param("‹a›", "<a>", id="single angle quotes"),
        pytest.param("Café €5", "Café €5", id="what is in the alphabet"),
        pytest.param("Łódź’s", "Łódź’s", id="what stays outside it is left alone"),
        pytest.param("“剪发”…", "“剪发”…", id="Chinese"),
        pytest.param("naïve’s", "naïve’s", id="an accent that is not in it"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_typographer_s_sign_is_sent_as_its_plain_twin_where_that_makes_the_part_larger(typed: str, sent: str) -> None:
    """A curly quote does not halve the room; where other letters do so anyway, it stays."""
    assert plain(typed) == sent


@pytest.mark.parametrize(
    ("name", "letters", "short"),
    [
        pytest.param("Oil change", 10, "Oil change", id="it fits"),
        pytest.param("Oil changes", 10, "Oil chang…", id="in a word, for the one before ends too soon"),
        pytest.param("Initial assessment of the back", 24, "Initial assessment of…", id="at a word"),
        pytest.param("Physiotherapy & Spine", 16, "Physiotherapy…", id="without the sign that joins"),
        pytest.param("花样年华国际美容美发造型中心", 10, "花样年华国际美容美…", id="Chinese"),
        pytest.param("🌸" * 20, 10, "🌸🌸🌸🌸…", id="pictures, each as long as two letters"),
        pytest.param("🌸" * 5, 10, "🌸🌸🌸🌸🌸", id="pictures that fit"),
        pytest.param("花样🌸年华国际美容造型", 10, "花样🌸年华国际美…", id="a picture in Chinese"),
        pytest.param("𝓛𝓸𝓽𝓾𝓼 𝓢𝓹𝓪", 10, "𝓛𝓸𝓽𝓾…", id="letters that are written as pictures"),
        pytest.param("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 10, "👨‍👩‍👧…", id="in a family, without the sign that joins"),
        pytest.param("^^^ Peaks ^^^ and more", 10, "^^^ Pe…", id="signs that take an escape"),
        pytest.param("{Curly} & [Square]", 12, "{Curly}…", id="brackets, which take one too"),
    ],
)
def test_a_long_name_is_cut_where_it_reads_best(name: str, letters: int, short: str) -> None:
    """At a word where one ends late enough, and within its room also where a sign counts twice."""
    assert cut(name, letters) == short
    assert segments(short.replace("…", ".")).units <= letters


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["🌸" * 50, "👨‍👩‍👧‍👦" * 9, "𝓛𝓸𝓽𝓾𝓼" * 8, "🇨🇳" * 20, "^" * 60, "{}[]~|€\\" * 8])
def test_a_name_of_what_takes_twice_the_room_takes_no_part_more(name: str, language: str) -> None:
    """A business named in pictures pays for no more parts than any other."""
    for text in ("confirmation", "cancelled", "two_days"):
        for about in tried(text, language, {"business": name, "service": name, "staff": name}):
            said = texted(text, about)
            assert segments(said).count <= ALLOWED[segments(said).encoding], said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("Lotus 🌸 Spa", "Lotus Spa", id="between words"),
        pytest.param("💅 Nails 💅", "Nails", id="around"),
        pytest.param("👩‍👩‍👧 Family", "Family", id="a family in one picture"),
        pytest.param("✂️ Cut", "Cut", id="with the sign that makes it coloured"),
        pytest.param("🌸", "🌸", id="nothing else"),
        pytest.param("👍🏽 Good", "Good", id="with a skin"),
        pytest.param("Plain", "Plain", id="none"),
    ],
)
def test_a_name_without_its_pictures(name: str, shown: str) -> None:
    assert without_pictures(name) == shown


@pytest.mark.parametrize(
    ("address", "short"),
    [
        pytest.param("12 Elm Street, Albany", "12 Elm Street", id="a street and a town"),
        pytest.param("Flat 2, 12 Elm Street, Albany", "Flat 2, 12 Elm Street", id="a flat is no street"),
        pytest.param("Kurfürstendamm 21; 10719 Berlin", "Kurfürstendamm 21", id="a semicolon"),
        pytest.param("上海市静安区南京西路1号，2楼", "上海市静安区南京西路1号", id="Chinese"),
        pytest.param("Room 5", "Room 5", id="short as it is"),
        pytest.param("", "", id="none"),
    ],
)
def test_the_street_of_an_address(address: str, short: str) -> None:
    """A text names the street, with the flat where one stands before it, and not the town."""
    assert street(address) == short


ENDED_TWICE = ("..", "…。", "….", "。。", "!.", "?.", "！。", ".。", "。.", "！.", "？.", "？。")


@every_language
@pytest.mark.parametrize("ends", [".", "!", "?", "…", "...", "。", "！", "？", ""])
def test_a_name_that_ends_like_a_sentence_ends_it_once(ends: str, language: str) -> None:
    ordinary = samples("two_days", language)[0]
    assert isinstance(ordinary, Letter)
    about = replace(ordinary, prepare=f"Bring it{ends}", staff="", room=f"Chair{ends}")
    for channel in (Channel.SMS, Channel.WHATSAPP):
        said = render("two_days", channel, about).text.replace("...", "…")
        assert not any(twice in said for twice in ENDED_TWICE), said
