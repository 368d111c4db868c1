"""One subscriber, several spellings: what numbering plans have changed, so that old and new are known as one person.

Sources: what each regulator announced (its E.129 presentation at the ITU, where there is one), the metadata of
libphonenumber, and how WhatsApp names its users, which keeps the form of the day on which they joined.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanChange:
    """`+code head old tail` is `+code head new tail`. Where `lives`, the old form is still dialled, and so is kept."""

    code: str
    old: str
    new: str
    tail: str
    head: str = ""
    lives: bool = False

    def forwards(self, number: str) -> str | None:
        return self._turned(number, self.old, self.new)

    def backwards(self, number: str) -> str | None:
        return self._turned(number, self.new, self.old)

    def _turned(self, number: str, out: str, into: str) -> str | None:
        found = re.fullmatch(rf"\+{self.code}({self.head}){out}({self.tail})", number)
        return f"+{self.code}{found[1]}{into}{found[2]}" if found else None


CHANGES = (
    # Brazil: a ninth digit before every mobile number, area by area from 2012 to November 2016 (Anatel).
    # The trunked radio that kept eight digits was switched off in 2018.
    PlanChange("55", "", "9", r"[6-9]\d{7}", head=r"[1-9]\d"),
    # Mexico: no 1, 01, 044 or 045 before ten digits since 3 August 2019 (IFT, Plan Técnico Fundamental de Numeración).
    PlanChange("52", "1", "", r"[2-9]\d{9}"),
    # Argentina: a 9 before a mobile number when it is called from abroad, none at home; both are in use (ENACOM).
    PlanChange("54", "", "9", r"[1-3]\d{9}", lives=True),
    # Benin: 01 before every number since 30 November 2024 (ARCEP).
    PlanChange("229", "", "01", r"[2-9]\d{7}"),
    # Côte d'Ivoire: ten digits since 31 January 2021; the new ones in front tell the operator as the old second one did
    # (ARTCI; E.129 presentation of 2020): Moov 0-3, MTN 4-6, Orange 7-9, each also with its own landlines.
    PlanChange("225", "", "01", r"[04-9][0-3]\d{6}"),
    PlanChange("225", "", "05", r"[04-9][4-6]\d{6}"),
    PlanChange("225", "", "07", r"[04-9][7-9]\d{6}"),
    PlanChange("225", "", "21", r"[23]\d8\d{5}"),
    PlanChange("225", "", "25", r"[23]\d0\d{5}"),
    PlanChange("225", "", "27", r"(?:20[23]|21[2357]|22[245]|23[45]|24[3-5]|306|31[69]|3[2-6]7)\d{5}"),
    # Viet Nam: eleven digits became ten between 15 September and 14 November 2018.
    *(
        PlanChange("84", old, new, r"\d{7}")
        for old, new in (
            ("120", "70"), ("121", "79"), ("122", "77"), ("126", "76"), ("128", "78"),  # MobiFone
            ("123", "83"), ("124", "84"), ("125", "85"), ("127", "81"), ("129", "82"),  # VinaPhone
            ("162", "32"), ("163", "33"), ("164", "34"), ("165", "35"),  # Viettel
            ("166", "36"), ("167", "37"), ("168", "38"), ("169", "39"),
            ("186", "56"), ("188", "58"), ("199", "59"),  # Vietnamobile, Gmobile
        )
    ),
    # Cameroon: a 6 before every mobile number since 22 November 2014 (ART).
    PlanChange("237", "", "6", r"[5-9]\d{7}"),
    # Gabon: the operator's two digits in place of its nought since 19 October 2019 (ARCEP Gabon; libphonenumber).
    *(
        PlanChange("241", old, new, r"\d{6}")
        for old, new in (("02", "62"), ("04", "74"), ("05", "65"), ("06", "66"), ("07", "77"))
    ),
    # Colombia: 60 before the area of every landline since 1 September 2021 (CRC).
    PlanChange("57", "", "60", r"[124-8]\d{7}"),
    # Palestine: mobile numbers are called by its own code and by Israel's (ITU, +970 since 1999).
    PlanChange("9", "72", "70", r"5[69]\d{7}", lives=True),
    # Kosovo: its own code since 2017 in place of ranges lent by Monaco and Slovenia (ITU, T02020000FD).
    PlanChange("3", "77", "83", r"4[45]\d{6}"),
    PlanChange("3", "86", "83", r"4[39]\d{6}"),
)  # fmt: skip


DIALLED = re.compile(r"\+52(?:01|04[45])(?=[2-9]\d{9}$)")
"""What was dialled at home before a Mexican number until 2019, and never belonged to it."""


def of_today(number: str) -> str:
    """As it is dialled now; itself where both forms are."""
    number = DIALLED.sub("+52", number)
    return next((new for change in CHANGES if not change.lives and (new := change.forwards(number))), number)


def forms(number: str) -> tuple[str, ...]:
    """Everything this E.164 number may have been stored or arrive as. The first is one for all of them."""
    newest = next((new for change in CHANGES if (new := change.forwards(number))), number)
    older = (old for change in CHANGES if (old := change.backwards(newest)))
    return (newest, *older)
