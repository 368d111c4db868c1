"""What goes wrong with a provider because somebody said so: per channel, from now on or for so many requests."""

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, field, replace
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, NonNegativeFloat, PositiveFloat, PositiveInt, TypeAdapter
from pydantic.dataclasses import dataclass


class Down(StrEnum):
    """A provider that is there, one that answers 503, one whose connections break before it takes anything."""

    NO = "no"
    UNAVAILABLE = "503"
    RESET = "reset"


class Receipts(StrEnum):
    """Just after the answer; never; each twice; before the answer; so many seconds later. Of Stripe's alone: the last
    of one request first; sent again by somebody who kept them for ten minutes."""

    ON = "on"
    OFF = "off"
    TWICE = "twice"
    EARLY = "early"
    LATE = "late"
    REVERSED = "reversed"
    STALE = "stale"


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Faults:
    """Of one channel.

    `per_second` is what is let in, the rest is throttled; `delay` the real seconds before a request is looked at.
    `silent`: requests are taken and never answered, the connection breaks after so many real seconds.
    `times`: how many requests `down` and `silent` last for. `late` is in seconds of the product's clock. `reads`:
    readers open what they get. `addresses` says what becomes of messages to them, in the channel's own words.
    `opt_outs`: the provider keeps a list of who wrote STOP itself, as a number does where that is not switched off.
    """

    down: Down = Down.NO
    per_second: PositiveFloat | None = None
    delay: NonNegativeFloat = 0
    silent: NonNegativeFloat | None = None
    times: PositiveInt | None = None
    receipts: Receipts = Receipts.ON
    late: NonNegativeFloat = 60
    reads: bool = False
    opt_outs: bool = False
    addresses: dict[str, str] = field(default_factory=dict)


_faults = TypeAdapter(Faults)


_LIMITS, _SECONDS = ("per_second", "silent", "times"), ("delay", "late")


def from_form(form: Mapping[str, str]) -> dict[str, dict[str, Any] | None]:
    """The change that a page's form stands for: an empty limit is none, empty seconds stay as they are."""
    channel = form.get("channel", "")
    if "well" in form:
        return {channel: None}
    changes: dict[str, Any] = {name: form[name] for name in ("down", "receipts", *_SECONDS) if form.get(name)}
    changes |= {name: form.get(name) or None for name in _LIMITS}
    changes |= {name: name in form for name in ("reads", "opt_outs")}
    if address := form.get("address"):
        changes["addresses"] = {address: form.get("fate", "")}
    return {channel: changes}


class Switchboard:
    """The faults of all channels, and how many requests each let in of late. Shared by the server's threads."""

    def __init__(self, fates: Mapping[str, frozenset[str]]) -> None:
        self._fates = fates
        self._faults = {channel: Faults() for channel in fates}
        self._rooms = dict.fromkeys(fates, 1.0)
        self._let_in_at = dict.fromkeys(fates, 0.0)
        self._lock = threading.Lock()

    def of(self, channel: str) -> Faults:
        return self._faults[channel]

    def all(self) -> dict[str, dict[str, Any]]:
        return {channel: asdict(faults) for channel, faults in self._faults.items()}

    def change(self, told: Mapping[str, Any]) -> None:
        """By channel: what is not said stays, null makes all well. Raises ValueError, and then changes nothing."""
        if unknown := told.keys() - self._fates.keys():
            raise ValueError(f"There is no channel {min(unknown)}.")
        with self._lock:
            self._faults |= {channel: self._changed(channel, changes) for channel, changes in told.items()}

    def becomes(self, channel: str, address: str, fate: str) -> None:
        """From now on that becomes of messages to the address."""
        self.change({channel: {"addresses": {address: fate}}})

    def takes_place(self, channel: str) -> bool:
        """Whether there is room for one more request within the channel's rate."""
        rate, now = self._faults[channel].per_second, time.monotonic()
        if rate is None:
            return True
        with self._lock:
            rested = (now - self._let_in_at[channel]) * rate
            self._rooms[channel] = min(max(rate, 1.0), self._rooms[channel] + rested)
            self._let_in_at[channel] = now
            has_room = self._rooms[channel] >= 1
            self._rooms[channel] -= has_room
            return has_room

    def count(self, channel: str) -> None:
        """One more request was failed; the last one of those asked for puts an end to it."""
        with self._lock:
            faults = self._faults[channel]
            if faults.times == 1:
                self._faults[channel] = replace(faults, down=Down.NO, silent=None, times=None)
            elif faults.times:
                self._faults[channel] = replace(faults, times=faults.times - 1)

    def _changed(self, channel: str, changes: Any) -> Faults:
        if changes is None:
            return Faults()
        if not isinstance(changes, dict) or not isinstance(changes.get("addresses", {}), dict):
            raise ValueError(f"What is to change of {channel} is an object, and so are its addresses.")
        addresses = self._faults[channel].addresses | changes.get("addresses", {})
        said = asdict(self._faults[channel]) | changes
        faults = _faults.validate_python(said | {"addresses": {a: fate for a, fate in addresses.items() if fate}})
        if unknown := set(faults.addresses.values()) - self._fates[channel]:
            raise ValueError(f"{channel} knows {', '.join(sorted(self._fates[channel]))}, not {min(unknown)}.")
        return faults
