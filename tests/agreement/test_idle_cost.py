"""An idle deployment costs little more than nothing, and whoever adds to it sees it here."""

from tests.bench.idle import MOST, costs, total


def test_a_month_in_which_nothing_happens_costs_at_most_what_the_design_holds() -> None:
    """Counted off the templates: alarms, polled queues, secrets, schedules and what each of their runs asks for."""
    assert total() <= MOST, [f"{cost.what}: {cost.billed:.2f}" for cost in costs()]


def test_what_costs_most_is_counted() -> None:
    """A count that finds nothing would hold any limit."""
    counted = {cost.what: cost.listed for cost in costs()}
    assert all(listed > 0 for what, listed in counted.items() if what not in ("keys of our own", "... their traces"))
