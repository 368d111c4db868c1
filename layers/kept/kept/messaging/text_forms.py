"""The form of a text message in the reader's country: its signature, whether it may hold a link, how it ends.

Where no link may stand in it, the sentence that would lead there goes, and the reader is told another way to answer.
"""

import re
from dataclasses import dataclass

from kept.business.country_rules import rules_for
from kept.business.text_terms import TextTerms
from kept.channels import Channel
from kept.messaging.sandbox import Unsayable

ENDS = "。！？!?；;."
"""Of sentences; a full stop counts before a space, or at the end."""

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；！？）】、]+", re.IGNORECASE)
SIGNED = re.compile(r"^\s*【[^】]*】\s*")
BRACKETS = str.maketrans("【】", "「」")


@dataclass(frozen=True, slots=True)
class TextForm:
    """`signature` without its 【】, "" for none; `opt_out` ends an advertisement, "" for the language's own words.

    `account` is the WeChat account that a reader may be sent to instead of a link, "" where there is none.
    """

    links: bool = True
    signature: str = ""
    opt_out: str = ""
    account: str = ""


PLAIN = TextForm()
"""Of everything but text messages, and of those to most countries."""


def text_form(channel: Channel, number: str | None, *, name: str, on_wechat: bool, terms: TextTerms) -> TextForm:
    """`name` is the business's own, which stands wherever it has arranged for no other."""
    if channel is not Channel.SMS or number is None:
        return PLAIN
    rules = rules_for(number)
    return TextForm(
        links=rules.links,
        signature=(terms.signature or name) if rules.signature else "",
        opt_out=rules.opt_out,
        account=(terms.wechat_name or name) if on_wechat and not rules.links else "",
    )


def without_link(words: str, link: str) -> str:
    """Without the sentence in which the link stands, and without any other address. Raises Unsayable where nothing is
    left: a text of one sentence cannot lose it.
    """
    left = words
    while link and (at := left.find(link)) >= 0:
        left = f"{left[: _begins(left, at)].rstrip()} {left[_ends(left, at + len(link)) :].lstrip()}".strip()
    left = re.sub(r"\s{2,}", " ", ADDRESS.sub("", left)).strip()
    if not SIGNED.sub("", left).strip(ENDS + " "):
        raise Unsayable("sms", "Without the sentence that holds the link nothing is left of it.")
    return left


def signed(words: str, signature: str) -> str:
    """The registered name in front, in the brackets that are its own: they stand nowhere else in the text."""
    if not signature:
        return words
    bare = signature.strip().strip("【】")
    return f"【{bare}】{SIGNED.sub('', words).translate(BRACKETS)}"


def _begins(words: str, at: int) -> int:
    """Where the sentence begins in which that place is."""
    return max((n + 1 for n in range(at) if _is_end(words, n)), default=_behind_the_signature(words, at))


def _ends(words: str, at: int) -> int:
    return next((n + 1 for n in range(at, len(words)) if _is_end(words, n)), len(words))


def _is_end(words: str, n: int) -> bool:
    if words[n] not in ENDS:
        return False
    return words[n] != "." or n + 1 == len(words) or words[n + 1] == " "


def _behind_the_signature(words: str, at: int) -> int:
    found = SIGNED.match(words)
    return found.end() if found and found.end() <= at else 0
