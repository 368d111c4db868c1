"""A client's terms, looked at again: they stay, or a person says what holds from now on; either closes the matter."""

from dataclasses import replace

from kept.actor import Change
from kept.clients.standing import StandingSet
from kept.follow_up.events import HowItEnded, What
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.refusals import UnknownFollowUp
from kept.reasons import Code, because
from kept.storage import follow_ups
from kept.use_cases.follow_ups.acts import Done, HappenedNow, record
from kept.use_cases.policy.standings import set_word


def settle(business: str, id: str, word: StandingSet | None, change: Change, *, leads: bool) -> Done:
    """The word is written first and the same word again writes nothing, so a crash between the two costs a repeat.

    Raises UnknownFollowUp also for one that asks for something else, FollowUpClosed, StandingEnded, RoleRequired.
    """
    follow_up = follow_ups.load(business, id)
    if follow_up.cause is not OpenedBy.TERMS_REVIEW:
        raise UnknownFollowUp
    if word and not follow_up.is_over:
        set_word(business, follow_up.client, word, leads=leads)
    why = because(Code.TERMS_CHANGED, words=word.why) if word else because(Code.TERMS_KEPT)
    return record(business, id, HappenedNow(What.RESOLVED, HowItEnded.SETTLED), replace(change, why=str(why)))
