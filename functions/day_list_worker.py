"""For one of the staff: the list of their day, and when the next one is due."""

from kept import clock
from kept.desk import day_lists
from kept.records import worker


@worker
def handler(business: str, id: str) -> None:
    """The item is the staff member in the catalog: staff#mei."""
    day_lists.send(business, id.partition("#")[2], now=clock.now())
