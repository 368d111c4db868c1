"""For one of the staff: the list of their day, or at its end the question who came, and when the next one is due."""

from kept import clock
from kept.desk import day_ends, day_lists
from kept.records import worker
from kept.storage.catalog import DAY_END


@worker
def handler(business: str, id: str) -> None:
    """The item is the staff member in the catalog, staff#mei, or the end of their day, day_end#mei."""
    kind, _, staff = id.partition("#")
    (day_ends.ask if kind == DAY_END else day_lists.send)(business, staff, now=clock.now())
