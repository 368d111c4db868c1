"""How people behave: every rate of the play in one table, each with where it is from, or said to be assumed.

What comes of them is nowhere: it is what the product makes of people who behave so.
"""

import hashlib
from dataclasses import dataclass

GIVEN = "given for this play by the product's owner"
ASSUMED = "assumed: no figure was found that deserves more trust"
ZENOTI = "Zenoti, Beauty and Wellness Benchmark Report 2025: salons, 8 % of appointments cancelled"
PHOREST = "Phorest, 5,000 salons (Salon Today): 37 % of those who did not come and paid nothing came again"
FINES = "Blæhr et al., BMJ Open 2018, e019969: 6,746 appointments at random with or without a fine, 5 % missed of both"
SALON_TERMS = "Bond Shoreditch (Hairdressers Journal): free until 48 hours before, 30 % if late, 50 % if missed"
MGMA = "MGMA: about 27 % of cancelled visits were booked again within 30 days"
OFFERS = "8.3 % of 177,311 offers (Chung 2020), 11 % of 60,660 (JMIR 2024, e52071)"
ON_THE_DAY = "Fresha (Hairdressers Journal): almost a quarter of cancellations are made on the day"


@dataclass(frozen=True, slots=True)
class Rate:
    """A probability or a share, what it is of, and where it is from."""

    is_of: str
    value: float
    source: str


RATES: dict[str, Rate] = {
    "forgets": Rate("visits that would be forgotten without any word about them", 0.20, GIVEN),
    "forgetful": Rate("clients who forget more often than the others", 0.15, ASSUMED),
    "forgetful_times": Rate("so many times as often as the average, whom the others make up for", 2.5, ASSUMED),
    "reminded_least": Rate("fewer forget, of those whom a reminder reached: at the least", 0.14, GIVEN),
    "reminded_most": Rate(
        "and at the most (the share is each client's own); 23 % (16 to 29) in Tang's review of 12 trials", 0.25, GIVEN
    ),
    "deposit": Rate("fewer forget, of those who paid a deposit", 0.30, ASSUMED + "; vendors claim up to 60 %"),
    "fee_forgets": Rate("fewer forget, of those who accepted a fee", 0.0, FINES),
    "plans_change": Rate("visits whose client cannot come as planned", 0.16, ZENOTI + ", and as many moved (assumed)"),
    "cancels": Rate("of those cancel; the others look for another time first", 0.5, ZENOTI),
    "changes_late": Rate("of those find out in the last 48 hours", 0.5, ASSUMED),
    "changes_today": Rate("of these on the day", 0.5, ON_THE_DAY),
    "fee_comes": Rate("of those who would cancel late come after all, where it costs something", 0.15, ASSUMED),
    "by_telephone": Rate("cancel or move by calling the desk", 0.2, ASSUMED),
    "says_nothing": Rate("of those who find out late do not say so", 0.1, ASSUMED),
    "confirms": Rate("confirm when a reminder asks them to and reaches them", 0.6, ASSUMED),
    "by_reply": Rate("of those with text messages answer by one, and not by the link", 0.5, ASSUMED),
    "asks": Rate("ask something by text message when a reminder reaches them", 0.01, ASSUMED),
    "comes_late": Rate("come 6 to 28 minutes late", 0.1, ASSUMED),
    "says_late": Rate("of these say so when they are asked", 0.6, ASSUMED),
    "rescued": Rate("of those who forgot come when they are asked whether they are on their way", 0.2, ASSUMED),
    "says_cannot": Rate("of those who forgot say then that they cannot come", 0.1, ASSUMED),
    "books_by_telephone": Rate("bookings that the desk makes", 0.25, ASSUMED),
    "wrong_address": Rate("clients whose number or address is wrong", 0.02, ASSUMED),
    "texts": Rate("clients who are told by text message, and not by e-mail", 0.6, ASSUMED),
    "returns": Rate("clients who come again by themselves after they missed a visit", 0.37, PHOREST),
    "missed_you": Rate("more come again when we write that we missed them", 0.08, ASSUMED),
    "contacted": Rate("more come again for each time that they are tried again", 0.10, ASSUMED),
    "rebooks": Rate("of those who cancelled book again within two weeks; the others at their next turn", 0.27, MGMA),
    "late_fee": Rate("of the price for a late cancellation", 0.30, SALON_TERMS),
    "missed_fee": Rate("of the price for a missed visit", 0.50, SALON_TERMS),
    "deposit_share": Rate("of the price as a deposit", 0.30, ASSUMED),
    "pays_deposit": Rate("pay a deposit that is asked of them; the others let the booking go", 0.9, ASSUMED),
    "asks_to_waive": Rate("of those who are charged ask to be let off", 0.3, ASSUMED),
    "emergency": Rate("of these had an emergency, and are", 0.3, ASSUMED),
    "first_is_waived": Rate("of the others, whose first fee it is, are as well", 0.5, ASSUMED),
    "pays": Rate("pay what they owe when they come next", 0.75, ASSUMED),
    "waits": Rate("of those who find no time ask to be told of one; the others look elsewhere", 0.5, ASSUMED),
    "asks_sooner": Rate("of those booked more than five days ahead ask to come sooner", 0.15, ASSUMED),
    "takes_offer": Rate("of the times that are offered to who waits are taken", 0.10, OFFERS),
    "walk_ins": Rate("people a day who come without a booking", 2.0, ASSUMED),
    "lasts_spread": Rate(
        "of the logarithm of how long a visit takes, over what is planned", 0.25, ASSUMED + "; 0.3 until it is learnt"
    ),
    "weeks_between": Rate("weeks between two visits of a client, 4 to 9, evenly", 6.5, ASSUMED),
    "days_ahead": Rate("days for which they book ahead, on average", 8.0, ASSUMED),
}


def rate(name: str) -> float:
    return RATES[name].value


@dataclass(frozen=True, slots=True)
class Chance:
    """What happens by chance in a run: drawn from the seed and what it is about, and from nothing that happened before.

    So two runs that differ in a policy have the same people with the same luck, and their difference is the policy's.
    """

    seed: int

    def of(self, *about: object) -> float:
        """From 0 up to 1."""
        said = "|".join(map(str, (self.seed, *about))).encode()
        return int.from_bytes(hashlib.blake2b(said, digest_size=7).digest()) / 2**56

    def happens(self, name: str, *about: object) -> bool:
        return self.of(name, *about) < rate(name)

    def between(self, least: float, most: float, *about: object) -> float:
        return least + (most - least) * self.of(*about)

    def pick(self, count: int, *about: object) -> int:
        return int(self.of(*about) * count)
