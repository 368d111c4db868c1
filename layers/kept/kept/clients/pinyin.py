"""How Chinese characters of a name are read, in every way that somebody may type: 曾 as zeng and ceng, 吕 as lv and lu.

The dictionary is pypinyin's. It takes a tenth of a second and some megabytes to load, so only what writes the index
asks it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product

HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "乐": "yue", "盖": "ge",
    "朴": "piao", "覃": "qin", "翟": "zhai", "尉": "yu", "万": "wan", "任": "ren", "华": "hua", "哈": "ha",
}  # fmt: skip
"""As a family name they are read so, whatever they are elsewhere."""
MOST, EACH, LONGEST_NAME = 16, 3, 12
"""Ways to read a name, and a character (further ones are of words that no name has); and characters that are read."""


def readings(name: str) -> set[str]:
    """Joined, from each character on."""
    each = [_readings(letter) for letter in HAN.findall(name)[:LONGEST_NAME]]
    return {text for n in range(len(each)) for text in _joined(each[n:])}


def initials(name: str) -> set[str]:
    """Of the whole name; nothing of a single character."""
    each = [tuple(dict.fromkeys(read[0] for read in _readings(letter))) for letter in HAN.findall(name)[:LONGEST_NAME]]
    return set(_joined(each)) if len(each) > 1 else set()


def usual(name: str) -> str:
    """With each character as a word that is read as it is most, so that 王芳 and Wang Fang are one."""
    return HAN.sub(lambda found: f" {_readings(found[0])[0]} ", name)


def _joined(each: Iterable[tuple[str, ...]]) -> Iterator[str]:
    return ("".join(one) for one in islice(product(*each), MOST))


@lru_cache(maxsize=4096)
def _readings(letter: str) -> tuple[str, ...]:
    """The letter itself where nobody knows how it is read."""
    from pypinyin import Style, pinyin

    found = pinyin(letter, style=Style.NORMAL, heteronym=True, errors="ignore")
    known = [SURNAMES[letter]] if letter in SURNAMES else []
    known += found[0] if found else []
    plain = [read for one in known for read in ((one, one.replace("v", "u")) if "v" in one else (one,))]
    return tuple(dict.fromkeys(plain))[:EACH] or (letter,)
