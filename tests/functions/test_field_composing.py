"""What a message's content fails at is known before it is claimed: it has failed, with its reason, and goes elsewhere.

A connection that was never made sent nothing: it is tried again; one that broke under a request is in doubt."""

import gc
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from urllib3 import PoolManager, Timeout

from kept.channels import Channel
from kept.clients.client import Client
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.channels import InDoubt, ProviderUnavailable, Rejected
from kept.messaging.channels.provider import asked, called
from kept.messaging.message import Message, MessageStatus
from kept.messaging.sandbox import Unsayable
from kept.messaging.texts import render
from kept.storage import follow_ups, messages
from kept.use_cases.messaging import sending
from tests.functions.outbox import MINUTE, NOON, Providers, became, opened, owed, reached_by, said, stored, work
from tests.reasons import why

BOTH = (Channel.EMAIL, Channel.SMS)

CONTENT: dict[str, Callable[[Client], Client]] = {
    "an address that is an encoded word": lambda it: replace(it, email="=?utf-8?q?=0D=0ABcc=3Ax=40y=2Ez?=@b.example"),
    "an address of two": lambda it: replace(it, email="a@b.example, c@d.example"),
    "an address with a line break": lambda it: replace(it, email="a@b.example\r\nBcc: c@d.example"),
    "an address of Chinese characters": lambda it: replace(it, email="王@b.example"),
    "an address without a domain": lambda it: replace(it, email="ann@"),
    "a domain that no IDNA knows": lambda it: replace(it, email="ann@☕.example"),
    "a domain of endless length": lambda it: replace(it, email=f"ann@{'x' * 70}.example"),
    "a name before the @ that is too long": lambda it: replace(it, email=f"{'a' * 65}@b.example"),
    "a bracketed number": lambda it: replace(it, email="ann@[192.0.2.1]"),
    "an address with a comment": lambda it: replace(it, email="ann(x)@b.example"),
}
FAULTS: dict[str, Exception] = {
    "a letter that cannot be encoded": UnicodeEncodeError("utf-8", "Li Na\ud800", 5, 6, "surrogates not allowed"),
    "a value of the wrong kind": TypeError("not JSON"),
    "a word that is not there": KeyError("client"),
    "a number beyond all numbers": ValueError("out of range"),
    "a text that Jinja2 gives up": Unsayable("body", "no"),
}


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    return opened(monkeypatch, reached_by(*BOTH), BOTH)


@pytest.mark.parametrize("becomes", [pytest.param(becomes, id=name) for name, becomes in CONTENT.items()])
def test_an_address_that_cannot_be_written_fails_unclaimed_and_the_next_channel_takes_over(
    becomes: Callable[[Client], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored before such were refused; today it fell between the claim and the record, and SMS was never tried."""
    providers = opened(monkeypatch, becomes(reached_by(*BOTH)), BOTH)
    message = owed(Channel.EMAIL)
    assert work(message) == {"batchItemFailures": []}
    failed = stored(message)
    assert (failed.status, failed.attempts, failed.due_at) == (MessageStatus.FAILED, 0, None)
    assert why(failed) in (
        "failed: no_email_address",
        "failed: not_written ValueError",  # by the calendar file, which refuses line breaks itself
    )
    work(*(one for one in messages.about("lotus", "a-1") if one.is_owed), now=NOON + MINUTE)
    assert providers.taken == [Channel.SMS]


@pytest.mark.parametrize("error", [pytest.param(error, id=name) for name, error in FAULTS.items()])
def test_any_other_fault_of_its_content_does_the_same(
    error: Exception, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = owed(Channel.EMAIL)
    with monkeypatch.context() as patched:
        patched.setattr("kept.use_cases.messaging.client_message.render", lambda *_: _raised(error))
        work(message)
    assert became(message) == ("failed", f"failed: not_written {type(error).__name__}")
    assert stored(message).attempts == 0
    assert "confirmation sms" in said()
    assert providers.taken == []


def test_where_no_other_channel_is_left_a_person_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(monkeypatch, replace(reached_by(Channel.EMAIL), email="ann@☕.example"), (Channel.EMAIL,))
    work(owed(Channel.EMAIL))
    assert follow_ups.find("lotus", f"a-1-v1-{OpenedBy.FAILED_MESSAGE}")


def test_a_text_of_too_many_parts_is_never_claimed(providers: Providers, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "长" * 500
    message = owed(Channel.SMS)
    monkeypatch.setattr(
        "kept.use_cases.messaging.client_message.render", lambda *args: replace(render(*args), text=long)
    )
    work(message)
    assert stored(message).attempts == 0
    assert became(message) == ("failed", "failed: too_many_parts 8 6")
    assert Channel.SMS not in providers.taken


def test_a_template_that_asks_for_what_is_unknown_is_never_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    over = (Channel.WHATSAPP, Channel.SMS)
    providers = opened(monkeypatch, reached_by(*over), over)
    message = owed(Channel.WHATSAPP, "rescheduled")
    work(message)
    assert became(message) == ("failed", "failed: no_template")
    assert stored(message).attempts == 0
    assert providers.taken == []


def test_what_we_are_set_up_with_wrongly_is_tried_again(monkeypatch: pytest.MonkeyPatch, providers: Providers) -> None:
    """A setting that is missing or AWS that is down is nobody's content: the record comes again."""
    message = owed(Channel.EMAIL)
    monkeypatch.setattr(sending, "carrier", lambda _: _raised(RuntimeError("the secret cannot be read")))
    assert work(message)["batchItemFailures"]
    assert stored(message).is_owed
    assert stored(message).attempts == 0
    assert providers.taken == []


def _raised(error: Exception) -> Any:
    raise error


# Connections, by real clients to real sockets.


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on this machine that does that to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def run() -> None:
            with suppress(OSError):
                taken, _ = server.accept()
                with taken:
                    taken.settimeout(5)
                    serve(taken)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


def nobody() -> str:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def hangs_up(taken: socket.socket) -> None:
    """At once, with a reset."""
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def closes(taken: socket.socket) -> None:
    taken.recv(1)
    taken.shutdown(socket.SHUT_RDWR)


def speaks_plainly(taken: socket.socket) -> None:
    taken.recv(10)
    taken.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")


def is_silent(taken: socket.socket) -> None:
    """Until the other side has had enough."""
    while taken.recv(65536):
        pass


def reads_and_hangs_up(taken: socket.socket) -> None:
    taken.recv(65536)
    hangs_up(taken)


def answers_by_half(taken: socket.socket) -> None:
    taken.recv(65536)
    taken.sendall(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"MessageId"')


NEVER_MADE: dict[str, tuple[str, Callable[[socket.socket], None] | None]] = {
    "refused": ("http", None),
    "refused, encrypted": ("https", None),
    "a handshake that is reset": ("https", hangs_up),
    "a handshake that is closed": ("https", closes),
    "a handshake that is not answered": ("https", is_silent),
    "a handshake with a server that speaks plainly": ("https", speaks_plainly),
}
BROKE: dict[str, tuple[str, Callable[[socket.socket], None]]] = {
    "not answered in time": ("http", is_silent),
    "reset after it was read": ("http", reads_and_hangs_up),
    "closed after it was read": ("http", closes),
    "answered by half": ("http", answers_by_half),
}
CASES = [
    *(pytest.param(ProviderUnavailable, *case, id=f"never made: {name}") for name, case in NEVER_MADE.items()),
    *(pytest.param(InDoubt, *case, id=f"broke: {name}") for name, case in BROKE.items()),
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(("means", "scheme", "serve"), CASES)
def test_plain_http_tells_a_connection_never_made_from_one_that_broke(
    means: type[Exception], scheme: str, serve: Callable[[socket.socket], None] | None
) -> None:
    def ask(host: str) -> None:
        http = PoolManager(timeout=Timeout(connect=0.5, read=0.5), retries=False, cert_reqs=ssl.CERT_NONE)
        with called():
            http.request("POST", f"{scheme}://{host}/hook", body=b"{}", retries=False, redirect=False)

    _check(ask, means, serve)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(("means", "scheme", "serve"), CASES)
def test_aws_tells_a_connection_never_made_from_one_that_broke(
    means: type[Exception], scheme: str, serve: Callable[[socket.socket], None] | None
) -> None:
    def ask(host: str) -> None:
        client = boto3.client(
            "sqs",
            region_name="eu-west-1",
            endpoint_url=f"{scheme}://{host}",
            verify=False,
            aws_access_key_id="none",
            aws_secret_access_key="none",
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=0.5, read_timeout=0.5),
        )
        with asked(lambda _: None):
            client.send_message(QueueUrl=f"{scheme}://{host}/1/q", MessageBody="x")["MessageId"]

    _check(ask, means, serve)


def _check(ask: Callable[[str], None], means: type[Exception], serve: Callable[[socket.socket], None] | None) -> None:
    if serve is None:
        with pytest.raises(means):
            ask(nobody())
        return
    with listening(serve) as host, pytest.raises((ProviderUnavailable, InDoubt)) as raised:
        ask(host)
    assert raised.type is means
    del raised
    gc.collect()


@pytest.mark.parametrize("host", ["nobody.invalid", "x" * 64 + ".example", "127.0.0.1:99999"])
def test_a_name_that_leads_nowhere_sent_nothing(host: str) -> None:
    http = PoolManager(timeout=Timeout(connect=0.5, read=0.5), retries=False)
    with pytest.raises(ProviderUnavailable), called():
        http.request("POST", f"http://{host}/hook", body=b"{}", retries=False, redirect=False)


def test_a_request_that_does_not_fit_its_form_never_left_us() -> None:
    client = boto3.client("sqs", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    with pytest.raises(Rejected), asked(lambda _: None):
        client.send_message(QueueUrl="https://sqs.example/1/q", MessageBody=1)  # type: ignore[arg-type]


def test_a_connection_never_made_is_tried_again_and_not_in_doubt(providers: Providers) -> None:
    """The message says so, and is due again; nothing waits for a claim to run out."""
    from botocore.exceptions import EndpointConnectionError

    message = owed(Channel.EMAIL)
    providers.before = lambda: _raised(EndpointConnectionError(endpoint_url="https://email.eu-west-1"))
    work(message)
    waits: Message = stored(message)
    assert waits.status is MessageStatus.DELAYED
    assert waits.due_at == NOON + MINUTE
    assert why(waits) == "delayed: provider_unavailable EndpointConnectionError"
