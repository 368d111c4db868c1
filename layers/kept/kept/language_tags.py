"""Which of our languages somebody means, however they or their machine spell it (BCP 47, POSIX, ISO 639-2).

The tags of ours are the folders of texts; a test holds the pages to the same.
"""

import re
from collections.abc import Iterable
from pathlib import Path

TEXTS = Path(__file__).with_name("messaging") / "texts"
LANGUAGES = tuple(sorted(folder.name for folder in TEXTS.iterdir() if folder.is_dir()))
FALLBACK = "en"

LONGEST_HEADER, MOST_WISHES = 1000, 20
TAG = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
ALSO = {
    "eng": "en", "zho": "zh", "chi": "zh", "cmn": "zh", "yue": "zh", "wuu": "zh", "hak": "zh", "nan": "zh", "gan": "zh",
}  # fmt: skip
"""Three letters for two; and who speaks another Chinese reads this one."""

TRADITIONAL = frozenset({"tw", "hk", "mo", "hant", "yue", "nan", "hak"})


def spoken(wish: str | None, among: Iterable[str] = LANGUAGES) -> str | None:
    """The one that is meant: itself, or its kin of the same script, or any kin; None for no language of ours.

    zh_CN, ZH-cn, zh_CN.UTF-8, zh-Hans-SG are zh-Hans, and so is zh-TW as long as there is no zh-Hant.
    """
    tag = _plain(wish or "")
    kin = [ours for ours in among if tag and _language(ours.casefold()) == _language(tag)]
    exact = [ours for ours in kin if ours.casefold() == tag]
    alike = [ours for ours in kin if _is_traditional(ours.casefold()) == _is_traditional(tag)]
    return next(iter(exact + alike + kin), None)


def meant(*wishes: str | None) -> str:
    """The first of these that is a language of ours, or the fallback."""
    return next(filter(None, map(spoken, wishes)), FALLBACK)


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first, without those that are not wanted at all."""
    wishes = [part.partition(";") for part in header[:LONGEST_HEADER].split(",")[:MOST_WISHES]]
    weighed = [(tag.strip(), _weight(quality)) for tag, _, quality in wishes]
    return [tag for tag, weight in sorted(weighed, key=lambda wish: -wish[1]) if weight > 0]


def _plain(wish: str) -> str:
    """Small letters and hyphens, without a charset or a modifier (zh_CN.GB18030@stroke); "" for what is no tag."""
    tag = re.split(r"[.@]", wish.strip(), maxsplit=1)[0].replace("_", "-").casefold()
    return tag if TAG.fullmatch(tag) else ""


def _language(tag: str) -> str:
    first = tag.partition("-")[0]
    return ALSO.get(first, first)


def _is_traditional(tag: str) -> bool:
    parts = tag.split("-")
    return "hans" not in parts and not TRADITIONAL.isdisjoint(parts)


def _weight(quality: str) -> float:
    """What cannot be read counts in full; not-a-number would put the whole list out of order."""
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", quality, re.IGNORECASE)
    return float(found[1]) if found else 1.0
