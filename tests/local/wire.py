"""The wire between the workers and the cloud: a proxy at which a test acts on a request before or after it passes."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.local.stack import Stack

PROVIDERS = "/console/providers"
SEND_EMAIL = "SendEmail"
PATIENCE = 60.0
_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding", "expect"}


class Cut(Exception):
    """The wire breaks here: the request goes no further, or its answer never comes back."""


def nothing() -> None:
    """Let it pass."""


@dataclass(slots=True)
class Rule:
    """What happens at the requests of one name that bear these numbers, counted from 1 since the rule was made."""

    request: str
    numbers: range
    before: Callable[[], object] = nothing
    after: Callable[[], object] = nothing
    seen: int = 0

    def is_hit(self, request: str) -> bool:
        self.seen += request == self.request
        return request == self.request and self.seen in self.numbers


@dataclass(slots=True)
class Log:
    """Requests that reached the cloud, by name, whether or not their answer came back."""

    passed: Counter[str] = field(default_factory=Counter)


class Wire(ThreadingHTTPServer):
    """One for all processes; message providers are reached over it as well."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, stack: Stack) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.stack_port, self.front_port = stack.place.stack_port, stack.place.port
        self.lock, self.rules, self.logs = threading.Lock(), list[Rule](), list[Log]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def when(
        self,
        request: str,
        *,
        numbers: range = range(1, 2),
        before: Callable[[], object] = nothing,
        after: Callable[[], object] = nothing,
    ) -> Iterator[None]:
        """The first of this name, or those with these numbers; `before` it reaches the cloud or `after` it did."""
        rule = Rule(request, numbers, before, after)
        self.rules.append(rule)
        try:
            yield
        finally:
            self.rules.remove(rule)

    @contextmanager
    def meeting(self, request: str, of: int) -> Iterator[None]:
        """So many callers wait for each other here: whoever comes has decided on what all of them read."""
        gate = threading.Barrier(of)
        with self.when(request, numbers=range(1, of + 1), before=lambda: gate.wait(PATIENCE)):
            yield

    @contextmanager
    def watched(self) -> Iterator[Log]:
        log = Log()
        self.logs.append(log)
        try:
            yield log
        finally:
            self.logs.remove(log)

    def hit(self, request: str) -> list[Rule]:
        with self.lock:
            return [rule for rule in self.rules if rule.is_hit(request)]

    def note(self, request: str) -> None:
        with self.lock:
            for log in self.logs:
                log.passed[request] += 1


@contextmanager
def a_wire(stack: Stack) -> Iterator[Wire]:
    with Wire(stack) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        yield wire
        wire.shutdown()


class _Passing(BaseHTTPRequestHandler):
    server: Wire
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._clouds: dict[int, http.client.HTTPConnection] = {}

    def finish(self) -> None:
        for cloud in self._clouds.values():
            cloud.close()
        super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = self.headers.get("X-Amz-Target", SEND_EMAIL).rpartition(".")[2]
        rules = self.server.hit(request)
        try:
            for rule in rules:
                rule.before()
            status, headers, answer = self._pass_on(body)
            self.server.note(request)
            for rule in rules:
                rule.after()
        except Cut:
            self.close_connection = True
        else:
            self._answer(status, headers, answer)

    def log_message(self, *_: object) -> None:
        """Nothing: what passes is for the test to tell."""

    def _pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        port = self.server.front_port if self.path.startswith(PROVIDERS) else self.server.stack_port
        cloud = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            cloud.request(
                "POST", self.path, body, {n: v for n, v in self.headers.items() if n.lower() not in _HOP_BY_HOP}
            )
            answer = cloud.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            cloud.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
