"""A reply's letters and words as the tables have them: width, case, script, apostrophes, short forms and slips.

The same is done to the tables, so that a phrase may be written there as people write it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from itertools import chain

PRIVATE = range(0xE000, 0xF900)
_MARKS = (0xAD, 0x34F, 0x61C, 0x180E, 0xFE0E, 0xFE0F, 0x20E3, 0xFEFF, 0xFFFC)
_RUNS = (range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070), range(0x1F3FB, 0x1F400))
UNSEEN = dict.fromkeys((*_MARKS, *chain(*_RUNS), *range(0xE0000, 0xE0080), *PRIVATE))
"""Joiners, variants and skin colours of emoji, the frame of a key-cap, soft hyphens, marks of direction, and private
characters, which stand for moments here."""
APOSTROPHES = dict.fromkeys(map(ord, "’‘`´ʼ′"), "'")
SIMPLIFIED = str.maketrans(
    "選確認預約時間謝嗎見這來過會後點鐘週禮個號遲車門沒問題準對換幾請煩給幫碼誤發錯們說話開關樓馬刪訂閱訊動電頭醫傷臨還讓別實"
    "變許連絡為麼樣裡裏應該現難剛隻讀聽兩萬與雙從廣傳復習務員買賣錢費貴貨單據種類總結經濟願歡趕繼續壞燒離譜態騙領導轉師較邊誰"
    "價處無辦調掛簡併嚴飯臺灣兒親愛歲幹麵壓遠進陰聯係繫鐵塊滿憤賠償擾當鬧議戶輛樂氣熱",
    "选确认预约时间谢吗见这来过会后点钟周礼个号迟车门没问题准对换几请烦给帮码误发错们说话开关楼马删订阅讯动电头医伤临还让别实"
    "变许连络为么样里里应该现难刚只读听两万与双从广传复习务员买卖钱费贵货单据种类总结经济愿欢赶继续坏烧离谱态骗领导转师较边谁"
    "价处无办调挂简并严饭台湾儿亲爱岁干面压远进阴联系系铁块满愤赔偿扰当闹议户辆乐气热",
)  # fmt: skip
"""The characters of everyday replies only: all else reads as an unknown word, which is safe."""

LEAST_LETTERS = 6
"""Of a word that may be one slip away from a key word; in shorter ones a slip makes another word."""

_STRETCHED = re.compile(r"([a-z\u4e00-\u9fff])\1{2,}")
_WORD = re.compile(r"[a-z0-9]*[a-z](?:[-'][a-z]+)*(?![a-z])|&")
_ACCENT = re.compile(r"[\u0300-\u036f]")


def plain(text: str) -> str:
    """One width, one case, one script, no accents; sooo is so."""
    text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).casefold().translate(UNSEEN).translate(APOSTROPHES).translate(SIMPLIFIED)
    return _STRETCHED.sub(r"\1", text)


def spelt(text: str, forms: Mapping[str, str], known: Collection[str] = (), mended: Collection[str] = ()) -> str:
    """Every word in its full form; one that nobody knows becomes the one of `mended` that it is a slip away from."""
    return _WORD.sub(
        lambda match: forms.get(match[0]) or _corrected(match[0].replace("'s", " is"), known, mended), text
    )


def _corrected(word: str, known: Collection[str], mended: Collection[str]) -> str:
    if len(word) < LEAST_LETTERS or word in known:
        return word
    near = [other for other in mended if is_a_slip(word, other)]
    return max(near, key=len) if near and all(other[:4] == near[0][:4] for other in near) else word


def is_a_slip(word: str, meant: str) -> bool:
    """One letter missing, added, wrong, or two the wrong way round; the first letter is right."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    one, other = word[start:], meant[start:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[:2][::-1] and one[2:] == other[2:])
    )
