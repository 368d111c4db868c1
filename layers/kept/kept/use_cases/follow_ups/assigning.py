"""Whose a new follow-up becomes, by the business's rule, when nobody was named."""

from datetime import datetime

from kept.business.catalog import Catalog
from kept.follow_up.assignment import Rule, assignee, standing_in, team
from kept.storage import follow_up_policies, follow_ups


def assigned(catalog: Catalog, owner: str = "", *, now: datetime) -> str:
    """A staff id, or "" where nobody is there. `owner` is the client's own person, as far as there is one.

    Two opened at one instant may both go to whoever had least: the board shows it, and either can be handed on.
    """
    business, number = catalog.business.id, catalog.follow_up_policy
    rule = follow_up_policies.load(business, [number])[number].assignment
    if rule is Rule.ROUND_ROBIN:
        last = follow_ups.newest(business)
        return assignee(rule, team(catalog, now=now), last=last.assignee if last else "", now=now)
    if rule is Rule.OWNER and (found := standing_in(owner, team(catalog, now=now), now=now)):
        return found
    loads = {id: follow_ups.load_of(business, id) for id in catalog.staff}
    return assignee(Rule.LEAST_LOADED, team(catalog, loads, now=now), now=now)
