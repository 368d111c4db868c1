"""What a client says of how it went: stars and a few words in the history of the matter, of which the last count."""

from kept.actor import Change
from kept.client_links.refusals import LinkExpired
from kept.follow_up.events import What, own
from kept.follow_up.follow_up import FollowUp
from kept.use_cases.follow_ups.acts import HappenedNow, record

STARS = range(1, 6)
LONGEST = 500
MOST = 10
"""Answers to one question; whoever holds the link could fill the history otherwise."""


def say(follow_up: FollowUp, stars: int, change: Change) -> None:
    """The same again writes nothing. Raises FollowUpOpen for a matter that was reopened, LinkExpired after MOST."""
    said = own(follow_up.history, What.SURVEYED)
    if said and (said[-1].to, said[-1].why) == (str(stars), change.why):
        return
    if len(said) >= MOST:
        raise LinkExpired
    record(follow_up.business, follow_up.id, HappenedNow(What.SURVEYED, to=str(stars)), change)
