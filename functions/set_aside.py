"""Work that failed again and again: out of its lane, so that nothing tries it any more until somebody puts it back."""

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from kept import clock
from kept.due_work.queue_worker import consumer, keys_of
from kept.lanes import Lane
from kept.runtime import log
from kept.storage import aside
from kept.use_cases.messaging.channel_fallback import left_to_a_person


def give_up(body: str) -> None:
    """Counted for the alarm. Raises ForeignRecord for what Kept did not write: it stays with the dead letters."""
    for key in keys_of(body):
        now = clock.now()
        if aside.set_aside(key, now=now):
            log.error("set aside", extra={"lane": key.lane, "business": key.business, "id": key.id})
            with single_metric("SetAside", MetricUnit.Count, 1, namespace="Kept") as metric:
                metric.add_dimension("service", "kept")
        if key.lane is Lane.MESSAGE:
            left_to_a_person(key.business, key.id, now=now)


handler = consumer(give_up, job=__name__)
