"""The code of the functions, and what template.yaml and infra/watch.yaml say of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

import message_sender
from kept.due_work import queue_worker
from kept.messaging.message import CLAIM
from tests.templates import ROOT, Function, functions, mappings, output_of, queues, snake, streams, template

FILES = {file.stem for file in (ROOT / "functions").glob("*.py")}
SOURCES = [*(ROOT / "functions").glob("*.py"), *(ROOT / "layers/kept/kept").rglob("*.py")]
WATCH = "infra/watch.yaml"
each_function = pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)


def test_every_file_has_one_block_and_every_block_its_file() -> None:
    assert sorted(function.name for function in functions()) == sorted(FILES)


@each_function
def test_a_function_is_named_by_its_file(function: Function) -> None:
    """Alarms, log streams and people find it by that name."""
    assert function.properties["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{function.name}"}
    assert snake(function.logical) == function.name


def test_every_function_writes_to_the_log_whose_failures_are_counted() -> None:
    """In the one form in which Lambda says how a call ended, or nobody would be told."""
    resources = template(WATCH)["Resources"]
    logging = template()["Globals"]["Function"]["LoggingConfig"]
    assert logging["LogFormat"] == "JSON"
    assert (
        logging["LogGroup"]["Fn::Sub"].replace("AWS::StackName", "Prefix")
        == (resources["Log"]["Properties"]["LogGroupName"]["Fn::Sub"])
    )
    assert not [function.name for function in functions() if "LoggingConfig" in function.properties]
    counted, told = resources["Failed"]["Properties"], resources["SomethingFailed"]["Properties"]
    assert counted["LogGroupName"] == {"Ref": "Log"}
    (metric,) = counted["MetricTransformations"]
    assert (metric["MetricNamespace"], metric["MetricName"]) == (told["Namespace"], told["MetricName"])


def test_everything_that_is_counted_has_an_alarm() -> None:
    """Under the name by which the code counts it."""
    counted = {name for path in SOURCES for name in re.findall(r'single_metric\("(\w+)"', path.read_text("utf-8"))}
    alarms = [
        it["Properties"] for it in template(WATCH)["Resources"].values() if it["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert counted == {it["MetricName"] for it in alarms if it["Namespace"] == "Kept"}


def test_an_alarm_can_reach_people() -> None:
    """CloudWatch cannot publish to a topic under aws/sns's key, and needs no leave but this one."""
    resources = template(WATCH)["Resources"]
    assert "KmsMasterKeyId" not in resources["Alarms"]["Properties"]
    (statement,) = resources["AlarmsMayBeTold"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Principal"], statement["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    alarms = [block["Properties"] for block in resources.values() if block["Type"] == "AWS::CloudWatch::Alarm"]
    assert alarms
    assert all(alarm["AlarmActions"] == [{"Ref": "Alarms"}] for alarm in alarms)


def test_every_schedule_has_an_alarm_on_silence_and_a_place_for_what_was_lost() -> None:
    """A function that one schedule calls by its own runs, one that several call by each of its rules: and as a rule
    that fires says nothing of the run, what was not begun in time is lost aloud."""
    scheduled = [function for function in functions() if function.schedules()]
    by_function = {("FunctionName", f"${{Prefix}}-{f.name}") for f in scheduled if not f.rules}
    by_rule = {("RuleName", f"${{Prefix}}-{rule}") for f in scheduled for rule in f.rules}
    assert set(silences()) == by_function | by_rule
    assert all("DeadLetterQueue" in function.properties for function in scheduled)
    lost = [f.properties["EventInvokeConfig"]["MaximumEventAgeInSeconds"] for f in scheduled if f.rules]
    assert lost == [60 for f in scheduled if f.rules]


def silences() -> Iterator[tuple[str, str]]:
    """By which dimension each alarm on what did not run finds it, and its name there."""
    for resource in template(WATCH)["Resources"].values():
        said = resource["Properties"]
        if said.get("ComparisonOperator") == "LessThanThreshold":
            (dimension,) = said["Dimensions"]
            assert said["Namespace"] == {"FunctionName": "AWS/Lambda", "RuleName": "AWS/Events"}[dimension["Name"]]
            assert (said["MetricName"], said["TreatMissingData"]) == ("Invocations", "breaching")
            yield dimension["Name"], dimension["Value"]["Fn::Sub"]


def test_a_rule_of_due_work_may_call_the_sweep_by_its_name_alone() -> None:
    (permission,) = (
        b["Properties"] for b in template()["Resources"].values() if b["Type"] == "AWS::Lambda::Permission"
    )
    (sweep,) = (function for function in functions() if function.name == "due_sweep")
    assert permission["FunctionName"] == {"Ref": sweep.logical}
    may = permission["SourceArn"]["Fn::Sub"].rpartition(":rule/${AWS::StackName}-")[2]
    assert may.endswith("-*")
    assert all(rule.startswith(may.removesuffix("*")) for rule in sweep.rules)


READ_BY_PYTHON = {"PYTHONTZPATH"}
"""By its zoneinfo, which goes by the layer's tzdata where it is empty."""


def test_what_a_function_reads_from_its_environment_is_given_and_nothing_else() -> None:
    given = set(template()["Globals"]["Function"]["Environment"]["Variables"])
    source = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)
    asked = set(re.findall(r"\b(?:setting|_in_use)\(\s*['\"](\w+)", source)) | set(
        re.findall(r"['\"]([A-Z_]+_QUEUE)['\"]", source)
    )
    assert asked == {name for name in given if "POWERTOOLS" not in name} - READ_BY_PYTHON


def test_every_queue_has_one_worker_that_tells_which_records_failed() -> None:
    """And what fails for good goes to where work is set aside; two queues wait for a person, whom an alarm tells."""
    blocks = template("infra/queues.yaml")["Resources"].items()
    own = {snake(name) for name, block in blocks if block["Type"] == "AWS::SQS::Queue"}
    assert set(queues()) == own - {"lost_schedules", "inbound_dead_letters"}
    assert queues()["dead_letters"] == "set_aside"
    gives_up = {
        snake(name): block["Properties"]["RedrivePolicy"] for name, block in blocks if "RedrivePolicy" in str(block)
    }
    assert gives_up.keys() == queues().keys() - {"dead_letters"}
    for queue, policy in gives_up.items():
        letters = "InboundDeadLetters" if queue == "inbound" else "DeadLetters"
        assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": [letters, "Arn"]}
    assert all(
        said["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        for said in (*mappings("Queues"), *mappings("Tables"))
    )


def test_every_stream_has_one_reader_that_is_told_of_what_it_could_not_begin() -> None:
    """AWS takes two readers of a stream at the most; and nothing is retried until the stream has forgotten it."""
    blocks = template("infra/tables.yaml")["Resources"]
    streamed = {snake(name) for name, block in blocks.items() if "StreamSpecification" in block["Properties"]}
    assert set(streams()) == streamed
    assert len(mappings("Tables")) == len(streamed)
    for said in mappings("Tables"):
        assert said["StartingPosition"] == "TRIM_HORIZON"
        assert said["BatchSize"] <= 50
        assert 0 < said["MaximumRetryAttempts"] < 100
        assert output_of(said["DestinationConfig"]["OnFailure"]["Destination"]) == "LostSchedules"
    behind = template(WATCH)["Resources"]["EventsBehind"]["Properties"]
    assert [it["Value"]["Fn::Sub"] for it in behind["Dimensions"]] == [
        f"${{Prefix}}-{function}" for function in set(streams().values())
    ]


def test_a_record_is_not_delivered_again_while_it_is_being_worked_on() -> None:
    """The queue hides it for six times as long as a function may run; the claim on a message outlasts that run."""
    for queue, function, _ in _worked_from():
        assert queue["VisibilityTimeout"] >= 6 * _timeout(function)
    assert CLAIM.total_seconds() > max(_timeout(function) for _, function, _ in _worked_from())


def test_what_works_from_a_queue_has_time_for_three_that_take_their_longest() -> None:
    """So something is begun in every call, and a record cannot go round for ever."""
    for _, function, _ in _worked_from():
        takes = message_sender.TAKES if function["Handler"].startswith("message_sender") else queue_worker.TAKES
        assert _timeout(function) >= 3 * takes.total_seconds()


def test_no_backlog_takes_the_calls_that_booking_needs() -> None:
    """An account has a thousand at once; AWS takes no limit below two."""
    most = [mapping["ScalingConfig"]["MaximumConcurrency"] for _, _, mapping in _worked_from()]
    assert min(most) >= 2
    assert sum(most) <= 60


def _worked_from() -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Of every queue that is worked from: itself, the function that does, and what joins them."""
    blocks, queues = template()["Resources"], template("infra/queues.yaml")["Resources"]
    found = []
    for said in mappings("Queues"):
        name = said["EventSourceArn"]["Fn::GetAtt"][1].removeprefix("Outputs.").removesuffix("Arn")
        function = blocks[said["FunctionName"]["Ref"]]["Properties"]
        found.append((queues[name]["Properties"], function, said))
    return found


def _timeout(function: dict[str, Any]) -> int:
    usual: int = template()["Globals"]["Function"]["Timeout"]
    return int(function.get("Timeout", usual))


@each_function
def test_permissions_name_what_they_are_for(function: Function) -> None:
    """Only actions by name, only on things that exist; what is only known later (the account's telephone numbers, the
    businesses whose accounts are entered) has no name here."""
    outputs = {name: template(f"infra/{name.lower()}.yaml")["Outputs"] for name in ("Tables", "Queues")}
    for statement in function.statements:
        assert not any("*" in action for action in statement["Action"])
        resources = statement["Resource"]
        for resource in resources if isinstance(resources, list) else [resources]:
            assert resource != "*"
            if "Fn::GetAtt" in resource:
                stack, output = resource["Fn::GetAtt"]
                assert output.removeprefix("Outputs.") in outputs[stack]
            elif "Fn::Sub" in resource and not re.search("sms-voice|phone-number-id|gateways/", str(resource)):
                assert "*" not in str(resource)


def test_queues_are_told_apart_by_their_names() -> None:
    """TOUCHPOINTS_QUEUE is the queue of that name."""
    given = template()["Globals"]["Function"]["Environment"]["Variables"]
    told = {name: output_of(value) for name, value in given.items() if name.endswith("_QUEUE")}
    assert told
    assert all(name == f"{snake(queue).upper()}_QUEUE" for name, queue in told.items())
