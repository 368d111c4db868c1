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
from tests.asking import an_http_event
from tests.bench import layer
from tests.bench.runtime_api import Api, serving
from tests.builders import a_catalog

TIMES = 11
PATIENCE = 30.0
"""Seconds for one start."""
CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
SWEEPS = ("reminder_fan_out", "no_show_detector", "follow_up_sla", "outbox_sweep")
WORKERS = ("reminder_worker", "attendance_worker", "follow_up_worker", "message_sender")

AT_ONCE = "answers at once"
READS = "reads a table"
REFERENCES = {
    AT_ONCE: 'import boto3\nclient = boto3.client("dynamodb")\ndef handler(event, context):\n    return {"statusCode": 200}\n',
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


@dataclass(frozen=True, slots=True)
class Row:
    """Medians of a function and of its reference, which took turns."""

    function: str
    does: str
    ours: Start
    reference: Start
    python: str


@dataclass(frozen=True, slots=True)
class Lambda:
    """Where its process finds the interpreter, the layer with the runtime client, and the handlers."""

    python: str
    path: str
    folder: Path


def rows() -> Iterator[Row]:
    python = layer.python_of_lambda()
    with _deployed(python) as place, serving(_catalog()) as api:
        for function, does, event in _cases(sorted(path.stem for path in (ROOT / "functions").glob("*.py"))):
            if sys.argv[1:] and function not in sys.argv[1:]:
                continue
            _start(place, api, function, event)
            pairs = [
                (_start(place, api, function, event), _start(place, api, _module(does), event)) for _ in range(TIMES)
            ]
            yield Row(function, does, _median(p[0] for p in pairs), _median(p[1] for p in pairs), python)


def _cases(functions: list[str]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """HTTP functions answer a path that is none of theirs; what reads a table finds nothing to do, but for `booking`."""
    for function in functions:
        if function in SWEEPS:
            yield function, READS, {"time": "2026-03-02T09:00:00Z"}
        elif function in WORKERS:
            yield function, READS, _record('{"business": "lotus", "id": "a-1"}')
        elif function == "set_aside":
            yield function, AT_ONCE, _record("not ours")
        else:
            yield function, AT_ONCE, an_http_event("GET /nowhere")
    yield "booking", READS, an_http_event("GET /v1/businesses/lotus")


def _record(body: str) -> dict[str, Any]:
    record = {"messageId": "0", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}}
    return {"Records": [record | {"md5OfBody": "", "eventSource": "aws:sqs"}]}


def _start(place: Lambda, api: Api, module: str, event: Mapping[str, Any]) -> Start:
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
    if not came or "errorMessage" in (api.answer or {}):
        raise AssertionError(f"{module} failed: {api.answer} {said}")
    return Start((api.answered_at - began) * 1000, (used.ru_utime + used.ru_stime) * 1000)


def _environment(place: Lambda, api: Api, function: str) -> dict[str, str]:
    """As Lambda sets it, with the template's settings."""
    queues = {
        f"{name}_QUEUE": f"http://{api.address}/1/{name}"
        for name in ("TOUCHPOINTS", "ATTENDANCE", "FOLLOW_UPS", "MESSAGES")
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
        "SMS_ORIGINATION": "Kept",
        "LINK_KEYS_SECRET": "link-keys",
        "POWERTOOLS_SERVICE_NAME": "kept",
        "POWERTOOLS_METRICS_NAMESPACE": "Kept",
        "PYTHONPATH": place.path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }


@contextmanager
def _deployed(python: str) -> Iterator[Lambda]:
    """Handlers are copied without their compiled forms: Lambda has none of them either."""
    path = f"{layer.built(python)}:{_client(python)}"
    with tempfile.TemporaryDirectory() as folder:
        for handler in (ROOT / "functions").glob("*.py"):
            shutil.copy(handler, folder)
        for does, source in REFERENCES.items():
            Path(folder, f"{_module(does)}.py").write_text(source)
        yield Lambda(layer.interpreter(python), path, Path(folder))


def _client(python: str) -> Path:
    """The runtime client, in the version that the tests have, compiled as the one in Lambda is."""
    wanted = [f"{name}=={version(name)}" for name in CLIENT]
    folder = layer.CACHE / f"client-{python}-{fingerprint(' '.join(wanted).encode())}"
    if not folder.exists():
        how = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--python-version", python]
        subprocess.run([sys.executable, "-m", "pip", "install", *how, "--target", str(folder), *wanted], check=True)
        subprocess.run([layer.interpreter(python), "-m", "compileall", "-q", str(folder)], check=True)
    return folder


def _catalog() -> list[dict[str, Any]]:
    """The items of a small business, as the table gives them."""
    from kept.storage.codec import to_json

    catalog = a_catalog()
    things = {f"service#{id}": it for id, it in catalog.services.items()}
    things |= {f"staff#{id}": it for id, it in catalog.staff.items()}  # type: ignore[dict-item]
    bodies = {"business#lotus": to_json(catalog.business)} | {id: to_json(thing) for id, thing in things.items()}
    return [{"business": {"S": "lotus"}, "id": {"S": id}, "body": {"S": body}} for id, body in bodies.items()]


def _module(does: str) -> str:
    return "boto3_" + does.replace(" ", "_")


def _median(starts: Iterable[Start]) -> Start:
    taken = list(starts)
    return Start(median(s.wall for s in taken), median(s.cpu for s in taken))


if __name__ == "__main__":
    for row in rows():
        o, r = row.ours, row.reference
        print(
            f"{row.function:20} {row.does:16} {o.wall:6.0f} {o.cpu:6.0f} | {r.wall:6.0f} {r.cpu:6.0f} | {o.wall / r.wall:5.2f} {o.cpu / r.cpu:5.2f}",
            flush=True,
        )
