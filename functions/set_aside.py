"""Work that failed again and again: out of its lane, so that nothing tries it any more until somebody puts it back."""

import json

from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kept import clock
from kept.due import Key
from kept.lanes import Lane
from kept.runtime import consumer, key_of, log
from kept.storage import aside

metrics = Metrics(namespace="Kept", service="kept")


def give_up(record: SQSRecord) -> None:
    """Counted for the alarm. Raises ForeignRecord for what Kept did not write: it stays with the dead letters."""
    business, id = key_of(record)
    key = Key(Lane(json.loads(record.body)["lane"]), business, id)
    if aside.set_aside(key, now=clock.now()):
        log.error("set aside", extra={"lane": key.lane, "business": business, "id": id})
        metrics.add_metric("SetAside", MetricUnit.Count, 1)


handler = metrics.log_metrics(consumer(give_up, job=__name__))
