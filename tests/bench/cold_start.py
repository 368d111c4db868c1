"""Cold start of every function under the real runtime client, from the start of its process to its first answer.

Each takes turns with a handler that does the same with one boto3 client and nothing else: same layer, same interpreter
(Lambda's version of Python where it is at hand), same stand-ins for the runtime and the tables on loopback.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from infra.local.place import ROOT, fingerprint
from kept.business.catalog import Business, Service, StaffMember
from tests.asking import an_http_event
from tests.bench import layer
from tests.bench.figure import Figure
from tests.bench.runtime_api import Api, serving
from tests.bench.screens import SCREENS, woken
from tests.builders import a_catalog

TIMES = 7
PATIENCE = 30.0
"""Seconds for one start."""
CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
BOTO3 = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
HOLDS = 1.3
"""Times the processor of a handler with one boto3 client, for `booking`, as the design says."""
SWEEPS = ("reminder_fan_out", "no_show_detector", "follow_up_sla", "due_sweep")
WORKERS = ("reminder_worker", "attendance_worker", "follow_up_worker", "due_worker", "message_sender")
OF_ANY_RECORD = ("set_aside", "inbound_message")
ASKED_BY_DUE_WORKER: Mapping[str, Mapping[str, Any]] = {
    "calendar_reader": {"business": "lotus", "staff": "mei"},
    "payment_worker": {"business": "lotus", "payment": ""},
    "webhook_sender": {"business": "lotus", "endpoint": "till"},
}
"""For what is not there: a calendar, an account with a payment provider, an address to be called."""

NOWHERE = "/nowhere"
AT_ONCE = "answers at once"
READS = "reads a table"
REFERENCES = {
    AT_ONCE: """import boto3
client = boto3.client("dynamodb")
def handler(event, context):
    return {"statusCode": 200}
""",
    READS: """import boto3
client = boto3.client("dynamodb")
def handler(event, context):
    key = {":b": {"S": "lotus"}}
    return client.query(TableName="k-catalog", KeyConditionExpression="business = :b", ExpressionAttributeValues=key)
""",
}


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds of one start: by the clock, and of processor time (user and system)."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.0f} ms, {self.cpu:.0f} of the processor"


@dataclass(frozen=True, slots=True)
class Lambda:
    """Where its process finds the interpreter, the layer with the runtime client, and the handlers."""

    python: str
    python_version: str
    path: str
    folder: Path


def rows() -> Iterator[Figure]:
    """Every function beside the reference in the same layer; `booking` also beside boto3 as pip installs it. Then what
    the functions of a screen take together, when all of them sleep."""
    python = layer.python_of_lambda()
    at_once: dict[str, Start] = {}
    with _deployed(python) as (place, plain), serving(_catalog()) as api:
        for function, does, event in cases():
            beside = _module(does)
            mine, theirs = _beside(api, event, (place, function), (place, beside))
            held = f"≤ {HOLDS} x" if (function, does) == ("booking", AT_ONCE) else ""
            yield _figure(f"{python}: {function} {does}", mine, theirs, held)
            if does == AT_ONCE:
                at_once[function] = mine
            if function == "booking":
                what = f"{python}: {function} {does}, beside boto3 as installed"
                yield _figure(what, *_beside(api, event, (place, function), (plain, beside)))
        one = theirs
    for screen in SCREENS:
        names = woken(screen)
        together = Start(sum(at_once[name].wall for name in names), sum(at_once[name].cpu for name in names))
        yield _figure(f"{python}: {screen}: {len(names)} functions", together, one)


def _beside(
    api: Api, event: Mapping[str, Any], ours: tuple[Lambda, str], reference: tuple[Lambda, str]
) -> tuple[Start, Start]:
    """The first of each is not counted: it reads files that the others find in memory."""
    pairs = [(_start(*ours, api, event), _start(*reference, api, event)) for _ in range(TIMES + 1)][1:]
    mine, theirs = (_median(starts) for starts in zip(*pairs, strict=True))
    return mine, theirs


def _figure(what: str, mine: Start, theirs: Start, hold: str = "") -> Figure:
    return Figure(f"cold start {what}", f"{mine} ({mine.cpu / theirs.cpu:.2f} x processor)", str(theirs), hold)


def cases() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every function, what it does, and the event that has it do so: HTTP functions are asked for what they do not
    have, workers for what is not there; `booking` shows a shop too."""
    for function in sorted(path.stem for path in (ROOT / "functions").glob("*.py")):
        if function in SWEEPS:
            yield function, READS, {"lane": "message", "time": "2026-03-02T09:00:00Z"}
        elif function in WORKERS:
            yield function, READS, _record('{"lane": "day_list", "business": "lotus", "id": "a-1"}')
        elif function in ASKED_BY_DUE_WORKER:
            yield function, READS, ASKED_BY_DUE_WORKER[function]
        elif function in OF_ANY_RECORD:
            yield function, AT_ONCE, _record("not ours")
        elif function == "event_stream":
            yield function, AT_ONCE, {"Records": [{"eventID": "not ours"}]}
        else:
            yield function, AT_ONCE, an_http_event(f"GET {NOWHERE}")
    yield "booking", READS, an_http_event("GET /v1/businesses/lotus")


def _record(body: str) -> dict[str, Any]:
    record = {"messageId": "0", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}}
    return {"Records": [record | {"md5OfBody": "", "eventSource": "aws:sqs"}]}


def _start(place: Lambda, module: str, api: Api, event: Mapping[str, Any]) -> Start:
    """Raises AssertionError when the function fails."""
    api.expect(event)
    began = time.perf_counter()
    process = subprocess.Popen(
        [place.python, "-m", "awslambdaric", f"{module}.handler"],
        cwd=place.folder, env=_environment(place, api, module), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    came = api.answered.wait(PATIENCE)
    process.kill()
    _, _, used = os.wait4(process.pid, 0)
    said = process.stdout.read().decode() if process.stdout else ""
    process.returncode = 0
    if not came or "errorMessage" in (api.answer or {}) or _is_missed(event, api.answer):
        raise AssertionError(f"{module} failed: {api.answer} {said}")
    return Start((api.answered_at - began) * 1000, (used.ru_utime + used.ru_stime) * 1000)


def _is_missed(event: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """What is there was not found."""
    found: bool = answer.get("statusCode", 200) == 200
    return event.get("rawPath", NOWHERE) != NOWHERE and not found


def _environment(place: Lambda, api: Api, function: str) -> dict[str, str]:
    """As Lambda sets it, with the template's settings."""
    queues = {
        f"{name}_QUEUE": f"http://{api.address}/1/{name}"
        for name in ("TOUCHPOINTS", "ATTENDANCE", "FOLLOW_UPS", "DUE", "MESSAGES", "INBOUND")
    }
    return queues | {
        "AWS_LAMBDA_RUNTIME_API": api.address,
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": "kept",
        "AWS_LAMBDA_LOG_STREAM_NAME": "kept",
        "LAMBDA_TASK_ROOT": str(place.folder),
        "AWS_ENDPOINT_URL": f"http://{api.address}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TABLE_PREFIX": "kept",
        "PUBLIC_URL": "https://kept.example",
        "SENDER_EMAIL": "desk@kept.example",
        "SMS_ORIGINATION": "+12065550100",
        "LINK_KEYS_SECRET": "link-keys",
        "GATEWAYS": "/kept/kept/gateways",
        "POWERTOOLS_SERVICE_NAME": "kept",
        "POWERTOOLS_METRICS_NAMESPACE": "Kept",
        "PYTHONPATH": place.path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


@contextmanager
def _deployed(python: str) -> Iterator[tuple[Lambda, Lambda]]:
    """Handlers are copied without their compiled forms: Lambda has none of them either."""
    ours = f"{layer.built(python)}:{_packages(python, CLIENT)}"
    plain = _packages(python, (*CLIENT, *BOTO3))
    with tempfile.TemporaryDirectory() as folder:
        for handler in (ROOT / "functions").glob("*.py"):
            shutil.copy(handler, folder)
        for does, source in REFERENCES.items():
            Path(folder, f"{_module(does)}.py").write_text(source)
        places = (Lambda(layer.interpreter(python), python, path, Path(folder)) for path in (ours, str(plain)))
        yield next(places), next(places)


def _packages(python: str, names: tuple[str, ...]) -> Path:
    """Packages in the versions that the tests have, whole and compiled, as a runtime has them."""
    wanted = [f"{name}=={version(name)}" for name in names]
    folder = layer.CACHE / f"packages-{python}-{fingerprint(' '.join(wanted).encode())}"
    if not folder.exists():
        draft = folder.with_name("draft-packages")
        shutil.rmtree(draft, ignore_errors=True)
        how = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version", python]
        subprocess.run([sys.executable, "-m", "pip", "install", *how, "--target", str(draft), *wanted], check=True)
        subprocess.run([layer.interpreter(python), "-m", "compileall", "-q", str(draft)], check=True)
        draft.rename(folder)
    return folder


def _catalog() -> list[dict[str, Any]]:
    """The items of a small business, as the table gives them."""
    from kept.storage.codec import to_json

    shop = a_catalog()
    things: list[tuple[str, Business | Service | StaffMember]] = [
        ("business", shop.business),
        *(("service", it) for it in shop.services.values()),
    ]
    things += [("staff", it) for it in shop.staff.values()]
    return [
        {"business": {"S": "lotus"}, "id": {"S": f"{kind}#{thing.id}"}, "body": {"S": to_json(thing)}}
        for kind, thing in things
    ]


def _module(does: str) -> str:
    return "boto3_" + does.replace(" ", "_")


def _median(starts: Iterable[Start]) -> Start:
    taken = list(starts)
    return Start(median(s.wall for s in taken), median(s.cpu for s in taken))
