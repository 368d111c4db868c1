"""A text message in as few parts as it takes: what has to be said, and of the rest what still finds room.

Who writes, what, when, the link and how to stop always stand in it. The rest is added in the order of NEEDED, each
where the text then takes no more parts: so nothing is left out that would have fitted, and no optional name in another
alphabet doubles what a text costs.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import accumulate

from kept.messaging.letter import Greeting, Letter
from kept.messaging.segments import EXTENSION, GSM_7, UCS_2, segments
from kept.messaging.text_context import TextContext
from kept.messaging.words import Words
from kept.visible import one_line

ALLOWED = {GSM_7: 1, UCS_2: 2}
"""Parts: Chinese takes two, and so does every text about a service or from a business that the plain alphabet cannot
write, for it holds less than half as much. A longer link takes as many as it must."""

FULLEST = 9
SHORTEST, SHORT = 10, 24
"""Letters of a name that is cut."""

NEEDED: tuple[tuple[str, int], ...] = (
    ("beside", 1),
    ("in_full", 1),
    ("service", SHORT),
    ("business", SHORT),
    ("named", SHORT),
    ("answer", 1),
    ("service", FULLEST * SHORT),
    ("business", FULLEST * SHORT),
    ("named", FULLEST * SHORT),
    ("times", 1),
    ("client", 1),
    ("keys", 1),
    ("place", 1),
    ("staff", 1),
    ("times", 2),
    ("answer", FULLEST),
    ("prepare", 1),
    ("free", 1),
    ("warm", 1),
    ("times", FULLEST),
    ("place", FULLEST),
    ("when", FULLEST),
)
"""What finds room first, and how much of it: the client's own time, whole sentences, letters of a name, the first
sentence of what somebody says to it and then all of that, times on offer, the street and then the whole place, a kind
word, the day and hour at their usual length."""

TWINS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("‹", "<"),
        **dict.fromkeys("›", ">"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
        **dict.fromkeys("•·", "-"),
        "…": "...",
        "⁄": "/",
        "×": "x",
    }
)
"""Signs of typographers that the plain alphabet has not, by those that read the same."""

SENTENCE = re.compile(r".+?(?:[。！？]|[.!?]+(?=\s|$)|$)\s*")
PICTURES = frozenset(("So", "Sk", "Cs"))
JOINS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True)
class Room:
    """How much of everything that can be left out stands in a text; `pictures` in names count as such."""

    much: Mapping[str, int]
    pictures: bool = True

    def more(self, what: str, much: int) -> "Room":
        return replace(self, much={**self.much, what: much})

    def of(self, what: str) -> int:
        return self.much.get(what, 0)


Told = Mapping[str, object]
Tells = Callable[[Room], Told]
Said = Callable[[Told], str]

WHOLE = Room(dict(NEEDED))
BAREST = Room({"service": SHORTEST, "business": SHORTEST, "named": SHORTEST})


def fitted(tells: Tells, said: Said) -> str:
    """The fullest text in the fewest parts; `tells` is what it names with so much of everything, `said` words that."""
    whole, bare = (_worth_their_room(room, tells, said) for room in (WHOLE, BAREST))
    most = _most(said(tells(bare)))
    if _parts(text := said(tells(whole))) <= most:
        return plain(text)
    told = tells(room := bare)
    for what, much in NEEDED:
        more = tells(fuller := room.more(what, much))
        if more == told or _parts(said(more)) <= most:
            room, told = fuller, more
    return plain(said(told))


def plain(text: str) -> str:
    """With the plain twins of typographers' signs where the whole text can then be written in the plain alphabet."""
    twin = text.translate(TWINS)
    return twin if segments(twin).encoding == GSM_7 else text


def telling(says: Told, matter: TextContext, words: Words) -> Tells:
    """What a text names, with so much of everything; how a time is written is worked out once."""
    timed = cache(partial(_times_and_place, matter, words)) if isinstance(matter, Letter) else None

    def tells(room: Room) -> dict[str, object]:
        told = _names(says, room)
        if isinstance(matter, Greeting):
            told["times"] = words.others(matter, at_most=room.of("times"))
        if timed:
            told |= timed(room.of("when"), room.of("beside"), room.of("times"), room.of("place"))
            told["place"] = _seen(str(told["place"]), room)
        return told

    return tells


def cut(name: str, letters: int) -> str:
    """Its beginning, with the sign that there is more; at the end of a word where one is near.

    A letter that takes the room of two in a text message, as pictures and brackets do, counts as two.
    """
    taken = list(accumulate(1 + (letter > "\uffff" or letter in EXTENSION) for letter in name))
    if not taken or taken[-1] <= letters:
        return name
    begins = name[: bisect_right(taken, letters - 1)]
    at_a_word = begins.rpartition(" ")[0]
    kept = at_a_word if len(at_a_word) > letters // 2 else begins
    return f"{kept.rstrip(f' ,.;:&-{JOINS}')}…"


def _sentences(said: str, many: int) -> str:
    """So many of its first, whole: half a sentence says nothing."""
    return "".join(SENTENCE.findall(said)[:many]).rstrip()


def without_pictures(name: str) -> str:
    """What is left to read; the whole where that is nothing."""
    seen = "".join(it for it in name if it not in JOINS and unicodedata.category(it) not in PICTURES)
    return " ".join(seen.split()) or name


def _seen(value: str, room: Room) -> str:
    return value if room.pictures or value.isascii() else without_pictures(value)


def _names(says: Told, room: Room) -> dict[str, object]:
    told = {name: _seen(value, room) if isinstance(value, str) else value for name, value in says.items()}
    told |= {name: cut(str(told[name]), room.of(name)) for name in ("service", "business", "named") if name in told}
    told |= {name: "" for name in ("staff", "prepare", "free") if name in told and not room.of(name)}
    told |= {name: bool(room.of(name)) for name in ("warm", "in_full")}
    if "answer" in told:
        told["answer"] = _sentences(str(told["answer"]), room.of("answer"))
    if not room.of("client"):
        told["client"] = told.get("named", "")
    return told | {"keys": bool(says["keys"] and room.of("keys"))}


def _times_and_place(letter: Letter, words: Words, when: int, beside: int, times: int, place: int) -> dict[str, object]:
    brief = not when
    where = words.place(letter) if place == FULLEST else words.place_in_short(letter)
    return {
        "when": words.when(letter, brief=brief, beside=beside > 0),
        "until": words.until(letter, brief=brief),
        "times": words.times(replace(letter, offered=letter.offered[:times]), brief=brief),
        "place": one_line(where) if place else "",
    }


def _worth_their_room(room: Room, tells: Tells, said: Said) -> Room:
    """Without the pictures in names where the rest can be written in the plain alphabet, which holds twice as much."""
    without = replace(room, pictures=False)
    return without if segments(plain(said(tells(without)))).encoding == GSM_7 else room


def _most(bare: str) -> int:
    taken = segments(plain(bare))
    return max(ALLOWED[taken.encoding], taken.count)


def _parts(text: str) -> int:
    return segments(plain(text)).count
