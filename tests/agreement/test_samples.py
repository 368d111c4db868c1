"""The sample events in events/, and the routes, schedules and queues of template.yaml."""

import pytest

from tests.sample_events import FOLDER, Sample, samples
from tests.templates import functions, queues

EVENTS = {(function.name, name): event for function in functions() for name, event in function.events.items()}


def test_there_is_one_for_each_route_schedule_and_queue_and_none_is_left_over() -> None:
    """Named after the function and the event: events/booking/book.json, or (of several) inbound-sms_reply.json."""
    wanted = {f"{function}/{name}" for function, name in EVENTS}
    wanted |= {f"{function.name}/{rule.removeprefix('due-')}" for function in functions() for rule in function.rules}
    wanted |= {f"{worker}/{queue}" for queue, worker in queues().items()}
    assert {str(sample).partition("-")[0] for sample in samples()} == wanted
    assert not [file for file in FOLDER.rglob("*") if file.is_file() and file.suffix != ".json"]


@pytest.mark.parametrize("sample", [sample for sample in samples() if sample.route], ids=str)
def test_a_request_is_for_the_route_it_is_named_after(sample: Sample) -> None:
    """And carries a verified token where its route asks for one."""
    said = EVENTS[sample.function, sample.name]["Properties"]
    assert sample.route == f"{said['Method']} {said['Path']}"
    context = sample.event["requestContext"]
    assert context["http"]["method"] == said["Method"]
    assert (
        context["http"]["path"]
        == sample.event["rawPath"]
        == said["Path"].replace("+}", "}").format(**sample.event.get("pathParameters", {}))
    )
    assert ("authorizer" in context) == ("Auth" in said)


@pytest.mark.parametrize("sample", [sample for sample in samples() if "Records" in sample.event], ids=str)
def test_a_record_comes_from_the_queue_it_is_named_after(sample: Sample) -> None:
    name = sample.name.partition("-")[0].replace("_", "")
    for record in sample.event["Records"]:
        assert f"-{name}-" in record["eventSourceARN"].lower()
