"""The sample events in events/, and the routes, schedules and queues of template.yaml."""

import pytest

from tests.sample_events import FOLDER, Sample, samples
from tests.templates import functions, picked, queues, routes, streams

SCHEDULES = {
    f"{function.name}/{name}"
    for function in functions()
    for name, event in function.events.items()
    if event["Type"] == "Schedule"
}
ELSEWHERE = "client_pages/elsewhere"
"""For no route, as people type."""


def test_there_is_one_for_each_route_schedule_and_queue_and_none_is_left_over() -> None:
    """Named after the function and the event: events/booking/book.json, or (of several) inbound-sms_reply.json."""
    wanted = set(SCHEDULES)
    wanted |= {f"{function.name}/{rule.removeprefix('due-')}" for function in functions() for rule in function.rules}
    wanted |= {f"{worker}/{queue}" for queue, worker in queues().items()}
    wanted |= {f"{reader}/{table}" for table, reader in streams().items()}
    assert {str(sample).partition("-")[0] for sample in samples() if not sample.is_request} == wanted
    requests = [(sample.function, sample.route) for sample in samples() if sample.route]
    assert sorted(requests) == sorted((function.name, route) for function in functions() for route in routes(function))
    assert [str(sample) for sample in samples() if sample.route == ""] == [ELSEWHERE]
    assert not [file for file in FOLDER.rglob("*") if file.is_file() and file.suffix != ".json"]


@pytest.mark.parametrize("sample", [sample for sample in samples() if sample.is_request], ids=str)
def test_a_request_is_what_its_route_of_api_gateway_brings(sample: Sample) -> None:
    """And carries a verified token where its route asks for one."""
    context, path = sample.event["requestContext"], sample.event["rawPath"]
    route = picked(context["http"]["method"], path)
    assert route
    assert (route.function, route.key) == (sample.function, sample.event["routeKey"])
    assert context["http"]["path"] == path
    assert sample.event.get("pathParameters", {}) == route.variables(path)
    assert ("authorizer" in context) == route.for_staff


@pytest.mark.parametrize("sample", [sample for sample in samples() if sample.is_of_a_stream], ids=str)
def test_a_record_comes_from_the_stream_it_is_named_after(sample: Sample) -> None:
    for record in sample.event["Records"]:
        assert f":table/kept-{sample.name.partition('-')[0]}/stream/" in record["eventSourceARN"]


@pytest.mark.parametrize("sample", [sample for sample in samples() if sample.is_of_a_queue], ids=str)
def test_a_record_comes_from_the_queue_it_is_named_after(sample: Sample) -> None:
    name = sample.name.partition("-")[0].replace("_", "")
    for record in sample.event["Records"]:
        assert f"-{name}-" in record["eventSourceARN"].lower()
