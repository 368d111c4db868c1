"""The client: how to reach them, in which language and zone, and what they agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kept.bounds import WORDS
from kept.channels import Channel, Purpose
from kept.clients.consent import Consent, ConsentWord, Ledger, Stopped, Wrote, shortened
from kept.clients.held import Held
from kept.clients.notes import Notes
from kept.clients.standing import Standing, StandingSet
from kept.clients.subscriptions import Subscription, TapKind, Taps, count, subscribed, voided
from kept.clients.wrongs import Wrongs
from kept.reasons import Code, Reason, because


class Tier(StrEnum):
    """Decides how soon they are answered."""

    VIP = "vip"
    REGULAR = "regular"
    PROSPECT = "prospect"


class Occupation(StrEnum):
    """Decides when an invitation suits them."""

    OFFICE = "office"
    HOME = "home"
    STUDENT = "student"


KINDS_BY_PURPOSE = {Purpose.TRANSACTIONAL: TapKind.REMINDER, Purpose.PROMOTIONAL: TapKind.DUE}
"""What a tap on WeChat allows one message of."""

REMEMBERED = timedelta(days=31)
"""Longer than the longest cap on invitations."""

MOST_INVITED, MOST_STOPPED = 1_000, 50
"""More than any cap allows, and than anybody has addresses; of more, the latest count."""


@dataclass(frozen=True, slots=True)
class Regard:
    """What the business makes of a client: it unites where two become one."""

    tier: Tier
    do_not_disturb: bool = False
    tags: tuple[str, ...] = ()
    word: StandingSet | None = None


@dataclass(frozen=True, slots=True)
class AlsoTheirs:
    """A contact of a merged record, and how it held it."""

    contact: str
    held: Held


@dataclass(frozen=True, slots=True)
class MergedClient:
    """Another record of the same person: who said so (`by`) and when, under which `request`, and as it was then.

    `through` is the record that it was merged into before that one came here itself.
    """

    id: str
    at: datetime
    by: str
    request: str
    name: str
    standing: Regard
    contacts: tuple[AlsoTheirs, ...] = ()
    through: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """`phone` is E.164, `email` normalised, `wechat` their OpenID at the business's account; one of them is there.

    `best_from` and `best_until` are the local hours at which they like to be invited; `invited_at` the promotional
    messages of the last 30 days, over whatever channel; `held` is how they hold those of their contacts that were only
    typed, or were proved; one who holds none is remembered until `unheld_until`. Of a long ledger of `consents` the
    first `archived` lines stand in items of their own. `subscriptions` are their taps on WeChat, a message each.
    `notes` are what staff wrote down, but for `older_notes` of them that stand in items of their own;
    `indexed` as what the search index has them. `merged` are other records of the same person, and `own` is how this
    one stood without them; a record that is `merged_into` another keeps what it was, and leads there; `parted` is the
    request that last took that back. `standing_set` is what a person said of their standing; `fading_at`
    is what was known of their visits when it was last raised that they fade, `reviewed_at` when their terms were.
    `wrongs` are the visits in which something was done to them, open until they are served well.
    """

    business: str
    id: str
    name: str
    locale: str
    tz: str
    phone: str | None = None
    email: str | None = None
    wechat: str | None = None
    tier: Tier = Tier.PROSPECT
    preferred: Channel | None = None
    occupation: Occupation | None = None
    best_from: time | None = None
    best_until: time | None = None
    do_not_disturb: bool = False
    consents: Ledger = ()
    stopped: tuple[Stopped, ...] = ()
    wrote: tuple[Wrote, ...] = ()
    invited_at: tuple[datetime, ...] = ()
    held: tuple[Held, ...] = ()
    unheld_until: datetime | None = None
    archived: int = 0
    subscriptions: Taps = ()
    tags: tuple[str, ...] = ()
    notes: Notes = ()
    older_notes: int = 0
    indexed: str = ""
    merged: tuple[MergedClient, ...] = ()
    own: Regard | None = None
    merged_into: str = ""
    parted: str = ""
    standing_set: StandingSet | None = None
    fading_at: datetime | None = None
    reviewed_at: datetime | None = None
    wrongs: Wrongs = ()
    revision: int = 0

    @property
    def is_dismissed(self) -> bool:
        """By a person's word."""
        return self.standing_set is not None and self.standing_set.standing is Standing.DISMISSED

    @property
    def ids(self) -> tuple[str, ...]:
        """Under which their visits, messages and follow-ups stand: their own first."""
        return (self.id, *(one.id for one in self.merged))

    @property
    def also(self) -> tuple[str, ...]:
        """Numbers and addresses of theirs beside those they are written to at."""
        known = (one.contact for other in self.merged for one in other.contacts)
        return tuple(one for one in dict.fromkeys(known) if one not in (self.phone, self.email, self.wechat))

    def holds(self, contact: str | None) -> bool:
        return contact is not None and contact in (self.phone, self.email, self.wechat, *self.also)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def address(self, channel: Channel) -> str | None:
        """Where that channel reaches them, if it does."""
        match channel:
            case Channel.EMAIL:
                return self.email
            case Channel.WECHAT:
                return self.wechat
            case Channel.WEBHOOK:
                return self.phone or self.email
            case _:
                return self.phone

    @property
    def reach(self) -> str:
        """Where a person reaches them: the number, unless it is known to be somebody else's, or else the e-mail."""
        phone = self.phone if self.stopped_because(Channel.CALL) is None else None
        return phone or self.email or ""

    def stopped_because(self, channel: Channel) -> Reason | None:
        """Why it does not reach them any more at the address they have now; None where it does."""
        return self.stopped_at(channel, self.address(channel))

    def stopped_at(self, channel: Channel, address: str | None) -> Reason | None:
        """The same of any address."""
        return next((s.why for s in reversed(self.stopped) if (s.channel, s.address) == (channel, address)), None)

    def said(self, purpose: Purpose, channel: Channel) -> ConsentWord | None:
        """The last word on it, None where there is none."""
        return next((c.said for c in reversed(self.consents) if (c.purpose, c.channel) == (purpose, channel)), None)

    def agreed(self, purpose: Purpose, channel: Channel) -> bool:
        """A call about a booking needs no consent of its own from who may be written to about it; on WeChat a tap that
        is not spent is one, for one message."""
        if channel is Channel.CALL and purpose is Purpose.TRANSACTIONAL:
            return any(self.said(purpose, written) is ConsentWord.GIVEN for written in Channel)
        return self.said(purpose, channel) is ConsentWord.GIVEN or (
            channel is Channel.WECHAT and self._has_tapped(purpose)
        )

    def channels(self, purpose: Purpose, offered: Iterable[Channel]) -> tuple[Channel, ...]:
        """Those offered that reach them and that they agreed to: the preferred first, else in the business's order."""
        usable = [c for c in offered if self.address(c) and self.agreed(purpose, c) and self.stopped_because(c) is None]
        return tuple(sorted(usable, key=lambda c: c != self.preferred))

    def closed(self, purpose: Purpose, offered: Iterable[Channel]) -> tuple[tuple[Channel, Reason], ...]:
        """Those offered that are not open to us, each with the reason that the ledger would have."""
        return tuple((channel, why) for channel in offered if (why := self._closed_because(purpose, channel)))

    def wrote_last(self, channel: Channel) -> datetime | None:
        return next((w.at for w in self.wrote if w.channel is channel), None)

    @property
    def shortened(self) -> tuple["Client", Ledger]:
        """As they are stored, and what then stands in items of its own."""
        consents, moved = shortened(self.consents)
        return replace(self, consents=consents, archived=self.archived + len(moved)), moved

    def stating(self, statement: Consent) -> "Client":
        """With one more line in the ledger; what was said already is not said again.

        A no on WeChat takes back what they have tapped there for that purpose and is not spent.
        """
        left = self._without_taps(statement.purpose) if statement.is_no_on_wechat else self
        if self.said(statement.purpose, statement.channel) is statement.said:
            return left
        return replace(left, consents=(*self.consents, replace(statement, words=statement.words[:WORDS])))

    def subscribing(self, tap: Subscription) -> "Client":
        """With one more message allowed over WeChat; what was tapped already is not tapped again."""
        taps = subscribed(self.subscriptions, tap)
        return self if taps == self.subscriptions else replace(self, subscriptions=taps)

    def stopping(self, channel: Channel, *, why: Reason, at: datetime, address: str | None = None) -> "Client":
        """Not reached over it any more; nothing new for one that is stopped already, or for an address they left.

        `address` is one that a booking of theirs has and they have not, where it is that one.
        """
        stops = address or self.address(channel)
        if stops is None or any((s.channel, s.address) == (channel, stops) for s in self.stopped):
            return self
        stopped = (*self.stopped, Stopped(channel, stops, at, why))
        return replace(self, stopped=stopped[-MOST_STOPPED:])

    def starting(self, channel: Channel) -> "Client":
        """They asked to be reached over it again."""
        left = tuple(s for s in self.stopped if s.channel is not channel)
        return replace(self, stopped=left) if left != self.stopped else self

    def without_stop(self, address: str, why: Reason) -> "Client":
        """An address that stopped for that reason is reached again, over every channel."""
        left = tuple(s for s in self.stopped if (s.address, s.why) != (address, why))
        return replace(self, stopped=left) if left != self.stopped else self

    def writing(self, channel: Channel, *, at: datetime) -> "Client":
        """They wrote over it, at the latest then."""
        latest = max(filter(None, (self.wrote_last(channel), at)))
        others = tuple(w for w in self.wrote if w.channel is not channel)
        return replace(self, wrote=(*others, Wrote(channel, latest)))

    def invited(self, *, at: datetime) -> "Client":
        """One more promotional message; those of more than REMEMBERED ago count for no cap."""
        recent = tuple(before for before in self.invited_at if at - before < REMEMBERED)
        return replace(self, invited_at=(*recent, at)[-MOST_INVITED:])

    def _without_taps(self, purpose: Purpose) -> "Client":
        taps = voided(self.subscriptions, KINDS_BY_PURPOSE[purpose], because(Code.WANTS_NONE))
        return self if taps == self.subscriptions else replace(self, subscriptions=taps)

    def _has_tapped(self, purpose: Purpose) -> bool:
        kind = KINDS_BY_PURPOSE.get(purpose)
        return kind is not None and count(self.subscriptions, kind) > 0

    def _closed_because(self, purpose: Purpose, channel: Channel) -> Reason | None:
        if self.do_not_disturb:
            return because(Code.DO_NOT_DISTURB)
        if not self.address(channel):
            return because(Code.NO_ADDRESS, channel=channel)
        if (why := self.stopped_because(channel)) is not None:
            return why
        if self.agreed(purpose, channel):
            return None
        # Told apart from never having agreed, though both are no consent.
        withdrew = self.said(purpose, channel) is ConsentWord.WITHDRAWN
        return because(Code.SAID_STOP) if withdrew else because(Code.NO_CONSENT, channel=channel)

    def agreeing(self, guest: "Client") -> "Client":
        """With what a booking in their name agreed to, for the contacts that are theirs; nothing else is taken over.

        Anybody can type somebody else's number, so a booking never changes who a client is, nor takes up again what
        they themselves withdrew.
        """
        client = self
        for consent in guest.consents:
            theirs = guest.address(consent.channel) == self.address(consent.channel)
            if theirs and self.said(consent.purpose, consent.channel) is None:
                client = client.stating(consent)
        return client
