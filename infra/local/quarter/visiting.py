"""What becomes of a visit: plans that change, what reaches its client, whether they come, and what they do if not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from infra.local.quarter import salon
from infra.local.quarter.chairs import Chairs, Guest, lasts
from infra.local.quarter.finding import a_slot
from infra.local.quarter.people import DAY, HOUR, MINUTE, TOO_LATE, Visit
from infra.local.quarter.providers import Told, a_text
from infra.local.quarter.rates import rate
from infra.local.quarter.recount import REMINDS
from infra.local.quarter.salon import ZONE
from infra.local.quarter.stage import Stage, instant
from infra.local.quarter.till import Till
from infra.local.quarter.world import Answer

MISSED_YOU, ASKED, DECLINED = "missed_you", "on_my_way", "declined"
WIN_BACK = (MISSED_YOU, "missed_again", "missed_last")
"""The texts that people do something about, beside reminders."""


class Visiting:
    """Everybody's visits; `comes_back` is what they do to come again."""

    comes_back: Callable[..., None]

    def __init__(self, stage: Stage, till: Till, chairs: Chairs) -> None:
        self._stage, self._till, self._chairs = stage, till, chairs
        stage.world.hears(self._hears)

    def expects(self, visit: Visit, *, awaits_deposit: bool) -> None:
        """It was just booked, and may be waiting for its deposit."""
        if awaits_deposit:
            self._till.asks_for_deposit(visit)
        if plans := visit.change_of_plans():
            self._stage.at(plans[0], partial(self._plans_changed, visit, late=plans[1]))
        self._is_expected(visit)

    def is_approved(self, visit: Visit) -> None:
        """By staff, of whom more is asked and who therefore asked for it: they know who it is."""
        told = self._stage.surely(self._at_the_desk(visit, "approve"), f"{visit.id} is approved")
        self._did("was approved")
        if told["status"] == "awaiting_deposit":
            self._till.asks_for_deposit(visit)

    def contacted(self, visit: Visit, how: str) -> None:
        """After a visit that was missed: they think of coming again."""
        visit.contacts += 1
        self._stage.journal.did[f"contacted: {how}"] += 1
        if visit.contacts > 1:
            self._stage.at(self._stage.now + HOUR, partial(self._returns_perhaps, visit))

    def _did(self, what: str) -> None:
        self._stage.journal.did[what] += 1

    def _is_expected(self, visit: Visit) -> None:
        self._stage.at(visit.starts - 30 * MINUTE, partial(self._sets_out, visit, visit.version))

    # plans that change

    def _plans_changed(self, visit: Visit, *, late: bool) -> None:
        if visit.over:
            return
        if late and visit.happens("says_nothing"):
            visit.called_off = True
            self._did("stayed away without a word")
            return
        may_move = self._stage.now < visit.starts - TOO_LATE
        if not (may_move and not visit.happens("cancels") and self._moves(visit)):
            self._cancels(visit)

    def _moves(self, visit: Visit) -> bool:
        first = (visit.starts + DAY).astimezone(ZONE).date()
        slot = a_slot(self._stage, visit.service, first, 8, "another slot", visit.person.number, visit.number)
        if slot is None:
            return False
        answer = self._asks_for(visit, "reschedule", {"start": slot["start"], "staff": slot["staff"][0]})
        if answer.code:
            return False
        self._did("moved")
        self.was_moved(visit, instant(answer.body["start"]), instant(answer.body["end"]), answer.body["version"])
        return True

    def was_moved(self, visit: Visit, starts: datetime, ends: datetime, version: int) -> None:
        """They know it, and were told nothing of the new time yet."""
        visit.starts, visit.ends, visit.version, visit.confirmed = starts, ends, version, False
        visit.reached.clear()
        self._is_expected(visit)

    def _cancels(self, visit: Visit) -> None:
        answer = self._asks_for(visit, "cancel", {"reason": "illness" if visit.happens("emergency") else "time"})
        if answer.code:
            return
        visit.outcome = "cancelled"
        self._did("cancelled")
        if answer.body["costs"]:
            self._till.was_charged(visit)
        self.comes_back(visit, soon=visit.happens("rebooks"))

    def _asks_for(self, visit: Visit, act: str, wish: Mapping[str, Any]) -> Answer:
        """By calling the desk where that is open, or by the link."""
        if not (visit.happens("by_telephone") and self._desk_is_open()):
            return self._by_link(visit, act, wish)
        answer = self._at_the_desk(visit, act, {**wish, "for_client": True})
        if answer.code:
            self._stage.refused(answer, act)
        return answer

    def _by_link(self, visit: Visit, act: str, wish: Mapping[str, Any]) -> Answer:
        path = f"POST /v1/appointment/{act}"
        answer = self._stage.world.ask(path, wish, function="my_appointment", bearer=visit.link)
        if answer.code:
            self._stage.refused(answer, act)
        return answer

    def _desk_is_open(self) -> bool:
        hour = self._stage.now.astimezone(ZONE).hour
        return salon.is_open(self._stage.today) and salon.OPENS <= hour < salon.CLOSES

    # what reaches them

    def _hears(self, told: Told) -> None:
        """A provider has brought a message to its reader, or could not."""
        about, _, rest = told.message.partition("#v")
        version, stage, *_ = rest.split("#")
        visit = self._stage.journal.visits.get(about)
        if not told.arrived or visit is None or told.to != visit.person.address:
            return
        self._did(f"got {stage}")
        if visit.over:
            if stage in WIN_BACK:
                self.contacted(visit, stage)
        elif stage == DECLINED:
            self._was_not_answered(visit)
        elif int(version) == visit.version:
            visit.reached.add(stage)
            if stage in REMINDS:
                self._was_reminded(visit)
            elif stage == ASKED:
                self._was_asked(visit)

    def _was_reminded(self, visit: Visit) -> None:
        if visit.happens("asks") and visit.person.texts:
            self._writes(visit, "Is there parking near you?")
        if visit.confirmed or visit.called_off or not visit.happens("confirms"):
            return
        then = self._stage.now + timedelta(minutes=visit.between(3, 170, "confirms in", visit.version))
        if then < visit.starts:
            self._stage.at(then, partial(self._confirms, visit, visit.version))

    def _confirms(self, visit: Visit, version: int) -> None:
        if visit.over or visit.confirmed or visit.version != version:
            return
        visit.confirmed = True
        if visit.person.texts and visit.happens("by_reply"):
            self._writes(visit, "1")
        else:
            self._by_link(visit, "confirm", {})
        self._did("confirmed")

    def _writes(self, visit: Visit, words: str) -> None:
        self._stage.world.bring(a_text(words, visit.person.address, next(self._stage.numbers)))

    def _was_asked(self, visit: Visit) -> None:
        """Whether they are on their way, five minutes after the start."""
        visit.asked = not visit.came
        if visit.called_off or visit.came:
            return
        if visit.is_forgotten:
            self._remembers(visit)
            return
        late = visit.starts + visit.minutes_late * MINUTE - self._stage.now
        if late > timedelta(0) and visit.happens("says_late"):
            self._by_link(visit, "on-my-way", {"minutes": -(-late // MINUTE)})

    def _remembers(self, visit: Visit) -> None:
        """What to do about it, if anything."""
        if visit.happens("rescued"):
            minutes = round(visit.between(4, 18, "rescued in"))
            self._by_link(visit, "on-my-way", {"minutes": minutes})
            self._stage.at(self._stage.now + minutes * MINUTE, partial(self._arrives, visit, visit.version))
            self._did("came because they were asked")
        elif visit.person.texts and visit.happens("says_cannot"):
            self._writes(visit, "2")
            visit.outcome = "cancelled"
            self._did("said that they cannot come")
            self._thinks(visit)

    # the day

    def _sets_out(self, visit: Visit, version: int) -> None:
        """Half an hour before, or does not."""
        if visit.over or visit.version != version:
            return
        self._stage.at(visit.starts + HOUR, partial(self._has_missed, visit, version))
        if visit.called_off:
            return
        if visit.is_forgotten:
            self._did("forgot")
            return
        self._stage.at(visit.starts + visit.minutes_late * MINUTE, partial(self._arrives, visit, version))

    def _arrives(self, visit: Visit, version: int) -> None:
        """Raises Unforeseen where whoever stands there cannot be checked in."""
        if visit.over or visit.came or visit.version != version:
            return
        answer = self._at_the_desk(visit, "check-in")
        if answer.code and answer.body.get("state") == "cancelled":
            self._was_not_answered(visit)  # nobody could tell them
            return
        visit.came = True
        self._did("came")
        if answer.code:
            self._did("came after they were given up")
            answer = self._at_the_desk(visit, "reverse-no-show", {"reason": "came_after_all"})
        stands = self._stage.surely(answer, f"{visit.id} stands at the desk")
        visit.person.id = stands["client"]
        if stands["status"] == "completed":  # by that alone: their time was over already
            self._stage.at(self._stage.now + (visit.ends - visit.starts), partial(self._leaves, visit))
            return
        takes = lasts(visit.ends - visit.starts, visit.lot("lasts"))
        begins, leaves = partial(self._begins, visit, self._stage.now), partial(self._is_done, visit)
        self._chairs.waits(Guest(visit.id, stands["staff"], visit.starts, takes, begins, leaves))

    def _at_the_desk(self, visit: Visit, act: str, body: Mapping[str, Any] | None = None) -> Answer:
        return self._stage.desk(f"POST /v1/desk/appointments/{visit.id}/{act}", body or {})

    def _was_not_answered(self, visit: Visit) -> None:
        """What they asked for lapsed, before a day on which somebody is there."""
        visit.outcome = "cancelled"
        self._did("asked for a time and was not answered")
        self.comes_back(visit, soon=True)

    def _begins(self, visit: Visit, came: datetime) -> None:
        visit.waited = self._stage.now - max(came, visit.starts)

    def _is_done(self, visit: Visit) -> None:
        self._stage.surely(self._at_the_desk(visit, "complete"), f"{visit.id} is done")
        self._leaves(visit)

    def _leaves(self, visit: Visit) -> None:
        visit.outcome = "came"
        self._till.settles(visit)
        self.comes_back(visit, soon=False)

    def _has_missed(self, visit: Visit, version: int) -> None:
        """An hour after the start, whoever is not there."""
        if visit.over or visit.came or visit.version != version:
            return
        visit.outcome = "missed"
        self._did("missed")
        self._thinks(visit)
        if visit.costs_missed:
            self._till.was_charged(visit)

    def _thinks(self, visit: Visit) -> None:
        """Within some days; a message may have come by then."""
        wait = DAY * visit.between(0.7, 3, "thinks")
        self._stage.at(self._stage.now + wait, partial(self._returns_perhaps, visit))
        if MISSED_YOU in visit.reached:
            self.contacted(visit, MISSED_YOU)

    def _returns_perhaps(self, visit: Visit) -> None:
        """One lot decides: each contact adds to the share of those who come again."""
        more = rate("missed_you") * bool(visit.contacts) + rate("contacted") * max(0, visit.contacts - 1)
        if not visit.returned and visit.lot("returns") < rate("returns") + more:
            self._did("came back after missing")
            self.comes_back(visit, soon=True)
