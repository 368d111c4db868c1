"""How much somebody may book, hold or have sent who is known by nothing but what they typed and where they ask from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StrangerRules:
    """Of one business; its own people are never counted. Days are the 24 clock hours up to now, hours the clock's.

    A network is one IPv4 address or the /64 of an IPv6 one. Behind one stand a whole office, a hotel, or thousands of
    a mobile carrier's customers, so what it may book is more than a business usually takes from all the world; what it
    may hold at one time is little, for a hold costs nothing and nobody loses a booking without one.
    A contact is a number or an address, however it is spelt. A family of five books on one of them on one day, and
    changes its mind; nobody who is not a client yet has more than `contact_open` visits ahead.
    `contact_messages` of a day answer what was done in the name of somebody who has never answered from there.
    `business_hour` is what no business takes from strangers, but a thousand machines would.
    `day_share`, in per cent of a person's open day: so much of it holds may keep at one time, or one of them alone.
    """

    network_holds: int = 5
    network_hour: int = 30
    network_day: int = 60
    contact_day: int = 8
    contact_open: int = 12
    contact_messages: int = 8
    business_hour: int = 500
    day_share: int = 50
