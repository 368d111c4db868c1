"""Whether an action is about another thing, or another person, than the visit and who writes."""

from itertools import takewhile

from kept.messaging.replies.clauses import OWNERS
from kept.messaging.replies.phrases import PhraseFound, PhraseKind

VERBS = (
    frozenset({"cancel", "cancelling", "confirm", "confirmed", "confirming", "move", "change", "reschedule", "switch"})
    | {"swap", "push", "postpone", "consider", "come", "go", "attend", "miss", "skip", "make", "it", "way", "late"}
    | {"left", "over", "in", "out"}
    | set("消认改换退掉去来迟期")
)
"""The last word or character of what takes an object."""

NO_OBJECT = frozenset({"come", "coming", "it", "there", "late", "in"})
"""Of these the ones behind which a statement may begin: "can't come | my grandma died", "can't come | dog is ill"."""

ARTICLES = frozenset({"own", "to", "at", "for", "the", "my", "a", "an", "that", "this", "your", "our"}) | set(
    "把将我的"
)
DONE = frozenset({PhraseKind.CANCEL, PhraseKind.CONFIRM, PhraseKind.LATE, PhraseKind.MOVE})
BECAUSE = frozenset({"of", "to", "with", "by"})
THANKED = frozenset({"for", "你", "您", "们"})

CHANGES = frozenset("改换下个更")
NO_TIME = (
    "名", "姓名", "地址", "电话", "手机", "号码", "老师", "技师", "医生", "师傅", "教练", "项目", "发型", "颜色", "人",
    "卡", "付款", "支付", "备注", "信息",
)  # fmt: skip
"""What else a Chinese verb of changing may be about."""


def is_about_another(found: tuple[PhraseFound, ...]) -> bool:
    return (
        _has_object(found)
        or _changes_no_time(found)
        or _is_of_another(found)
        or _is_late_itself(found)
        or _is_thanked_for(found)
    )


def _has_object(found: tuple[PhraseFound, ...]) -> bool:
    """ "Cancel the car", "on my way to the airport", 「把手术取消」; "cancel, my car broke down" has none."""
    words = [phrase for phrase in found if phrase.kind is not PhraseKind.FILLER]
    for at, phrase in enumerate(words):
        behind = next((other for other in words[at + 1 :] if other.tokens[-1] not in ARTICLES), None)
        if behind is None or behind.kind is not PhraseKind.REASON:
            continue
        begins = words[at + 1].tokens[0] in OWNERS or "is" in behind.tokens
        if phrase.tokens[-1] in VERBS and not (begins and phrase.tokens[-1] in NO_OBJECT):
            return True
        if phrase.tokens[0] in ("把", "将"):
            return any(other.tokens[-1] in VERBS for other in words[at:])
    return False


def _changes_no_time(found: tuple[PhraseFound, ...]) -> bool:
    """「帮我改一下名字」."""
    for at, phrase in enumerate(found):
        behind = "".join(token for other in found[at + 1 : at + 3] for token in other.tokens)
        if phrase.kind is PhraseKind.MOVE and phrase.tokens[-1] in CHANGES and behind.startswith(NO_TIME):
            return True
    return False


def _is_of_another(found: tuple[PhraseFound, ...]) -> bool:
    """ "The plumber | can't come", not "because of the snow | can't come"."""
    before = list(takewhile(lambda phrase: phrase.kind not in DONE, found))
    if len(before) == len(found) or len(before) < 2 or before[-1].kind is not PhraseKind.REASON:
        return False
    return before[-2].tokens[-1] in OWNERS and not (len(before) > 2 and before[-3].tokens[-1] in BECAUSE)


def _is_late_itself(found: tuple[PhraseFound, ...]) -> bool:
    """ "The plumber is running late": not they, but what stands before it."""
    before = list(takewhile(lambda phrase: phrase.kind is not PhraseKind.LATE, found))
    return (
        len(found) > len(before) > 1 and before[-1].tokens[-1] in ("is", "are") and before[-2].kind is PhraseKind.REASON
    )


def _is_thanked_for(found: tuple[PhraseFound, ...]) -> bool:
    """ "Thanks for moving it", 「谢谢你帮我取消」: that was done."""
    said = [phrase for phrase in found if phrase.kind is not PhraseKind.FILLER]
    if len(said) < 2 or said[0].kind is not PhraseKind.THANKS:
        return False
    return said[1].tokens[0] in THANKED or said[0].tokens[-1] in THANKED
