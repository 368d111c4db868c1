"""The stack's own process: ministack on loopback, with copies of its state every few seconds while it changes.

Started by `stack.py`, which sets its environment and holds its standard input; when that closes, the stack stops.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack

from infra.local import snapshots
from infra.local.busy import busy

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

COPY_EVERY = 5.0
"""Seconds: what a `kill -9` can lose, or twice the time of a copy where that takes longer."""

COPIES = os.environ["KEPT_COPIES"] == "on"
"""Off for the bench: nobody wants its state back, and copying it would take a core from what is measured."""

STATE = Path(os.environ["KEPT_STACK_STATE"])
_READS = (b"Get", b"List", b"Describe", b"Query", b"Scan", b"BatchGet", b"TransactGet", b"Receive")


class Changes:
    """Whether anything may have been written since the last copy."""

    def __init__(self) -> None:
        self.seen = False

    def note(self, scope: Message) -> None:
        operation = dict(scope["headers"]).get(b"x-amz-target", b"").rpartition(b".")[2]
        if scope.get("method") not in ("GET", "HEAD") and not operation.startswith(_READS):
            self.seen = True


def application(changes: Changes) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await ministack.app(scope, _copy_before_shutdown(receive), send)
        elif scope.get("path") == "/_kept/busy":
            await _answer(send, busy())
        else:
            changes.note(scope)
            await ministack.app(scope, receive, send)

    return app


def _copy_before_shutdown(receive: Receive) -> Receive:
    """The last copy replaces ministack's own saving, which would write into the current one piece by piece."""

    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            ministack.PERSIST_STATE = False
            if COPIES:
                snapshots.take(STATE)
        return message

    return receiving


async def _answer(send: Send, content: object) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})


async def _keep_copies(changes: Changes, stopping: asyncio.Event) -> None:
    """A copy that takes long is followed by as long a rest, or it would take a core; one that fails is tried again."""
    rest = COPY_EVERY
    while not stopping.is_set():
        await asyncio.sleep(rest)
        if not changes.seen or stopping.is_set():
            continue
        changes.seen = False
        began = time.monotonic()
        child = snapshots.take_in_child(STATE)
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        rest = max(COPY_EVERY, time.monotonic() - began)
        changes.seen = changes.seen or status != 0


async def _run(port: int) -> None:
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    changes, stopping = Changes(), asyncio.Event()
    _stop_when_told(asyncio.get_running_loop(), stopping)
    copies = asyncio.create_task(_keep_copies(changes, stopping)) if COPIES else None
    await serve(application(changes), config, shutdown_trigger=stopping.wait)
    if copies:
        copies.cancel()


def _stop_when_told(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)

    def until_closed() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        loop.call_soon_threadsafe(stopping.set)

    threading.Thread(target=until_closed, daemon=True).start()


if __name__ == "__main__":
    snapshots.load_from(STATE, f"127.0.0.1:{os.environ['GATEWAY_PORT']}")
    asyncio.run(_run(int(os.environ["GATEWAY_PORT"])))
