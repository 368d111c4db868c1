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

from infra.local.place import ROOT
from tests.local.stack import Stack, product_environment
from tests.local.wire import PROVIDERS, Cut, Wire

PREFIX = "lab"
"""Of tables and queues that no deployed function knows, so that time there is what a test says it is."""
JOBS = "tests.local.jobs"
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
    environment = product_environment(stack, PREFIX, stack_url=wire.url, providers=wire.url + PROVIDERS) | {
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "functions", ROOT / "layers" / "kept"))),
        "SENDING_RATES": "email=1000 sms=1000",
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
