"""What was set aside of a change and put back: the thing as it is now, given to the consumer that failed."""

from kept import clock
from kept.events.change import AggregateChange
from kept.storage import changes_aside, stream_images
from kept.use_cases.events.consumers import CONSUMERS


def again(business: str, name: str) -> None:
    """Nothing where it was done meanwhile. Raises what the consumer raises; after five times it is set aside anew."""
    if (failed := changes_aside.find(business, name)) is None:
        return
    now_as_it_is = stream_images.now_of(business, failed.kind, failed.id)
    change = AggregateChange(
        business, failed.kind, failed.id, None, now_as_it_is, at=clock.now(), sequence=failed.sequence
    )
    if failed.consumer in CONSUMERS:
        CONSUMERS[failed.consumer](change)
    changes_aside.done(business, failed)
