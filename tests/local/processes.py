"""Processes that are to the cloud what Lambdas are: each begins warm, does one job, and can be killed in the middle."""

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

import pytest

from infra.local.place import REGION, ROOT
from tests.local.stack import Stack
from tests.local.wire import PROVIDERS, Cut, Wire

PREFIX = "lab"
"""Of tables and queues that no deployed function knows, so that time there is what a test says it is."""
JOBS = "tests.local.jobs"
QUEUES = ("touchpoints", "attendance", "follow_ups", "messages")
_FORKS = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a process is killed: at the n-th request of that name, before it reaches the cloud or after."""

    request: str
    number: int = 1
    after: bool = False


class Failed(Exception):
    """A job ended with an error; its words are the error's own."""


@dataclass(slots=True)
class Running:
    """One process at its job."""

    job: str
    arguments: tuple[object, ...]
    process: Any = None
    answer: Any = None

    def start(self) -> "Running":
        self.answer, told = _FORKS.Pipe(duplex=False)
        self.process = _FORKS.Process(target=_do, args=(told, self.job, self.arguments), daemon=True)
        self.process.start()
        told.close()
        return self

    def result(self) -> Any:
        """Raises Failed, and EOFError when it was killed."""
        try:
            done, said = self.answer.recv()
        finally:
            self.process.join()
        if not done:
            raise Failed(said)
        return said

    def kill(self) -> None:
        """From the wire, where it waits for an answer that never comes."""
        os.kill(self.process.pid, signal.SIGKILL)
        raise Cut


@dataclass(frozen=True, slots=True)
class Lab:
    """Jobs (the functions of jobs.py, by name) done by processes over a wire that a test can cut."""

    wire: Wire

    def run(self, job: str, *arguments: object) -> Any:
        """What it answers. Raises Failed."""
        return Running(job, arguments).start().result()

    def together(self, jobs: Iterable[tuple[object, ...]]) -> list[Any]:
        """All at once, each in a process of its own; what they answer, in the same order."""
        running = [Running(str(job), tuple(arguments)).start() for job, *arguments in jobs]
        return [one.result() for one in running]

    def killed(self, stop: Stop, job: str, *arguments: object) -> None:
        """Begun, and killed there."""
        running = Running(job, arguments)
        moment = {"after" if stop.after else "before": running.kill}
        with self.wire.when(stop.request, numbers=range(stop.number, stop.number + 1), **moment):
            running.start()
            with pytest.raises(EOFError):
                running.result()
        assert running.process.exitcode == -signal.SIGKILL


@contextmanager
def a_lab(stack: Stack, wire: Wire) -> Iterator[Lab]:
    """The first process is forked from a server that takes on this environment; all others are forked from it too."""
    account = stack.client("sts").get_caller_identity()["Account"]
    queues = {f"{name.upper()}_QUEUE": f"{stack.place.stack_url}/{account}/{PREFIX}-{name}" for name in QUEUES}
    (secret,) = stack.client("secretsmanager").list_secrets()["SecretList"]
    environment = queues | {
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "functions", ROOT / "layers" / "kept"))),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": wire.url,
        "AWS_ENDPOINT_URL_SESV2": wire.url + PROVIDERS,
        "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": wire.url + PROVIDERS,
        "NO_PROXY": "127.0.0.1",
        "TABLE_PREFIX": PREFIX,
        "PUBLIC_URL": stack.base_url,
        "LINK_KEYS_SECRET": secret["ARN"],
        "SENDER_EMAIL": "desk@kept.example",
        "SMS_ORIGINATION": "Kept",
        "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    }
    _FORKS.set_forkserver_preload(["__main__", "pytest", JOBS])
    lab = Lab(wire)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        lab.run("set_up")
    yield lab


def _do(told: Connection, job: str, arguments: tuple[object, ...]) -> None:
    try:
        told.send((True, getattr(import_module(JOBS), job)(*arguments)))
    except Exception as error:
        told.send((False, f"{type(error).__name__}: {error}"))
