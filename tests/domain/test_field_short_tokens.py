"""The letters of a short link are read however a person or a telephone wrote them, and nobody can make them up.

The rule: what looks alike is one letter, what is no letter of the alphabet is not part of the link, and what then are
not twelve letters is no link. Letters are drawn from all that a link stands for, by a key.
"""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.client_links import short_tokens
from kept.client_links.links import LinkKeys
from kept.client_links.refusals import LinkInvalid
from kept.client_links.short_tokens import ALPHABET, LETTERS, made, stored_names, typed

MEANT = "m01zpcd66g2v"
LOOK_ALIKE = ({"0", "o"}, {"1", "i", "l"}, {"u", "v"})

TYPED = {
    "as it is": MEANT,
    "in capitals": "M01ZPCD66G2V",
    "as a telephone begins a sentence": "M01zpcd66g2v",
    "o for 0": "mo1zpcd66g2v",
    "O for 0": "MO1ZPCD66G2V",
    "l for 1": "m0lzpcd66g2v",
    "I for 1": "M0IZPCD66G2V",
    "i for 1": "m0izpcd66g2v",
    "a Turkish telephone's small I": "m0\u0131zpcd66g2v",
    "u for v": "m01zpcd66g2u",
    "a full stop": "m01zpcd66g2v.",
    "a comma": "m01zpcd66g2v,",
    "an exclamation mark": "m01zpcd66g2v!",
    "a bracket": "m01zpcd66g2v)",
    "angles around it": "<m01zpcd66g2v>",
    "quotes around it": "\u201cm01zpcd66g2v\u201d",
    "an ellipsis": "m01zpcd66g2v\u2026",
    "a Chinese full stop": "m01zpcd66g2v\u3002",
    "Chinese words that a telephone took for a part of it": "m01zpcd66g2v\u8bf7\u70b9\u51fb",
    "a Chinese bracket": "m01zpcd66g2v\uff09",
    "quoted by the browser": "m01zpcd66g2v%E3%80%82",
    "a space quoted": "m01zpcd66g2v%20",
    "quoted letters": "%6D01zpcd66g2v",
    "in wide letters": "\uff4d\uff10\uff11\uff5a\uff50\uff43\uff44\uff16\uff16\uff47\uff12\uff56",
    "in groups": "m01z pcd6 6g2v",
    "with hyphens": "m01z-pcd6-6g2v",
    "broken by a soft hyphen": "m01zpc\u00add66g2v",
    "a zero width space": "m01zpcd66g2v\u200b",
    "a no-break space": "\u00a0m01zpcd66g2v",
    "turned": "\u202em01zpcd66g2v",
    "a line break": "m01zpcd66g2v\r\n",
    "a slash": "m01zpcd66g2v/",
    "an emoji": "m01zpcd66g2v\U0001f44d",
}


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_what_was_meant_is_read(text: str) -> None:
    """A client comes to their visit, whatever a telephone or a hand made of the letters."""
    assert typed(text) == MEANT


NO_LINK = {
    "nothing": "",
    "a letter short": MEANT[1:],
    "a letter long": MEANT + "a",
    "two of them": MEANT * 2,
    "a signed link": "m.k1.lotus.a-1.69cceca0.wImnbl56TCjtcIz32eJccQ",
    "punctuation": "............",
    "Chinese": "\u4f60" * 12,
    "Cyrillic that looks like it": "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0430\u0435\u043e\u0440\u0441",
    "Arabic digits": "\u0661" * 12,
    "nothing but percent": "%" * 12,
    "half a letter": "%F0%9F" * 6,
    "nulls": "%00" * 12,
    "the way up": "../../../../..",
    "a page below": f"{MEANT}/cancel",
    "a query quoted": f"{MEANT}%3Fa=b",
    "twelve letters, far out": "." * 200 + MEANT,
    "a megabyte": "a" * 1_000_000,
}


@pytest.mark.parametrize("text", NO_LINK.values(), ids=NO_LINK)
def test_what_is_no_short_link_is_none(text: str) -> None:
    """Also what only looks like one, such as letters of another alphabet or a page below it."""
    with pytest.raises(LinkInvalid):
        typed(text)


def keys(current: str = "k1", **also: str) -> LinkKeys:
    return LinkKeys.parse(json.dumps({"current": current, "k1": "o" * 43, **also}))


def test_no_letter_looks_like_another_and_twelve_are_sixty_bits() -> None:
    """Whoever copies a link by hand cannot mistake a letter, and whoever guesses has too many to try."""
    assert len(set(ALPHABET)) == 32
    assert ALPHABET.lower() == ALPHABET
    assert all(len(alike & set(ALPHABET)) == 1 for alike in LOOK_ALIKE)
    assert 32**LETTERS == 2**60


@given(st.text(min_size=1, max_size=80))
def test_letters_are_twelve_of_the_alphabet_the_same_each_time_and_read_as_they_are(what: str) -> None:
    """What a link stands for has one link, which works in capitals as well."""
    letters = made(keys(), what)
    assert re.fullmatch(f"[{ALPHABET}]{{{LETTERS}}}", letters)
    assert made(keys(), what) == letters == typed(letters) == typed(letters.upper())


@given(st.text(alphabet=[*ALPHABET, *"iloIuLO .-\u3002"], max_size=20))
def test_reading_twice_reads_the_same(text: str) -> None:
    try:
        once = typed(text)
    except LinkInvalid:
        return
    assert typed(once) == once


OTHER = {
    "another visit": "t.lotus.a-2.69cceca0",
    "another business": "t.garage.a-1.69cceca0",
    "another page": "f.lotus.a-1.69cceca0",
    "another address": "e.lotus.a-1.69cceca0",
    "another end": "t.lotus.a-1.69cceca1",
}


@pytest.mark.parametrize("what", OTHER.values(), ids=OTHER)
def test_what_stands_for_something_else_has_other_letters(what: str) -> None:
    """In most places: nothing of one can be told from the other."""
    ours, others = made(keys(), "t.lotus.a-1.69cceca0"), made(keys(), what)
    assert sum(a == b for a, b in zip(ours, others, strict=True)) < LETTERS // 2


def test_letters_hang_on_the_key_and_so_does_what_is_stored() -> None:
    """With a new key the links of the old one are found, and what is stored gives no link away."""
    new = keys("k2", k2="n" * 43)
    assert made(new, "it") != made(keys(), "it")
    assert stored_names(new, MEANT)[1:] == stored_names(keys(), MEANT)
    assert len({*stored_names(new, MEANT), *stored_names(new, MEANT[::-1])}) == 4
    assert not [name for name in stored_names(new, MEANT) if MEANT in name]


def test_letters_are_spread_over_the_alphabet() -> None:
    """Each stands at each place about as often: none of the sixty bits is wasted."""
    many = [made(keys(), str(n)) for n in range(3200)]
    assert len(set(many)) == len(many)
    for place in range(LETTERS):
        found = [sum(letters[place] == letter for letters in many) for letter in short_tokens.ALPHABET]
        assert 50 < min(found) <= max(found) < 160
