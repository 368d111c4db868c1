"""Starting, stopping, killing and forgetting an instance, and the one sentence each failure gives."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from infra.local import instance, run, setup
from infra.local import place as local_place
from infra.local.front import Front
from infra.local.place import PATIENCE, ROOT, NotNow, Place
from tests.local import stack as local_stack
from tests.local.stack import Stack, a_free_port, a_place, command

pytestmark = pytest.mark.stack
with_demo, up = local_stack.up, partial(local_stack.up, KEPT_DEMO="off")
"""Most of this needs no business, and planting one takes longer than all else."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = a_place(tmp_path / "instance")
    yield place
    command("down", place)


def write(stack: Stack, row: str) -> None:
    stack.client("dynamodb").put_item(TableName="kept-catalog", Item=key(row))


def has(stack: Stack, row: str) -> bool:
    found: bool = "Item" in stack.client("dynamodb").get_item(TableName="kept-catalog", Key=key(row))
    return found


def key(row: str) -> dict[str, dict[str, str]]:
    return {"business": {"S": "a-test"}, "id": {"S": row}}


def text(stack: Stack, words: str) -> None:
    sms = stack.client("pinpoint-sms-voice-v2", f"{stack.base_url}/console/providers")
    sms.send_text_message(DestinationPhoneNumber="+12125550123", OriginationIdentity="Kept", MessageBody=words)


def until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" if Path("/proc").exists() else False


def test_state_and_messages_survive_a_stop(place: Place) -> None:
    with with_demo(place) as stack:
        write(stack, "a row")
        text(stack, "see you at nine")
    with with_demo(place) as stack:
        assert has(stack, "a row")
        assert [message["text"] for message in stack.console.messages()].count("see you at nine") == 1


def test_state_survives_a_kill_but_for_the_last_seconds(place: Place) -> None:
    with up(place) as stack:
        write(stack, "a row")
        written = time.time_ns()
        current = place.state / "current"
        until(lambda: current.exists() and int(current.readlink().name.removeprefix("copy-")) > written)
        for process in ("pid", "stack_pid"):
            os.kill(stack.known()[process], signal.SIGKILL)
    with up(place) as stack:
        assert has(stack, "a row")


def test_state_survives_a_change_of_the_ports(place: Place) -> None:
    """Queues are known by their URL; a message sent to one still reaches its worker."""
    with up(place) as stack:
        write(stack, "a row")
    with up(a_place(place.folder)) as stack:
        assert has(stack, "a row")
        queues = stack.client("sqs").list_queues()["QueueUrls"]
        assert {url.rpartition("/000000000000/")[0] for url in queues} == {stack.place.stack_url}
        stack.client("sqs").send_message(
            QueueUrl=stack.client("lambda").get_function_configuration(FunctionName="kept-message_sender")[
                "Environment"
            ]["Variables"]["MESSAGES_QUEUE"],
            MessageBody="{}",
        )
        assert stack.console.settle()["settled"]


def test_a_stack_whose_runner_is_killed_saves_what_it_has_and_ends(place: Place) -> None:
    with up(place) as stack:
        write(stack, "the last row")
        known = stack.known()
        os.kill(known["pid"], signal.SIGKILL)
        until(lambda: is_gone(known["stack_pid"]))
    with up(place) as stack:
        assert has(stack, "the last row")


def test_an_instance_whose_stack_is_killed_says_so_and_ends(place: Place) -> None:
    with up(place) as stack:
        known = stack.known()
        os.kill(known["stack_pid"], signal.SIGKILL)
        until(lambda: is_gone(known["pid"]))
    assert (place.logs / "run.log").read_text().endswith("make run starts it again.\n")


@pytest.mark.parametrize("at", ["snapshots._save", "snapshots._make_current", "Path.replace", "shutil.rmtree"])
def test_a_kill_while_a_copy_is_made_leaves_a_whole_one(at: str, tmp_path: Path) -> None:
    """Either the old copy or the new one: `current` always names a folder with all its parts."""
    owner, _, name = at.partition(".")
    script = f"""
import os, shutil, signal
from pathlib import Path
from infra.local import snapshots
snapshots.take(Path({str(tmp_path)!r}))
{owner}.{name} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
snapshots.take(Path({str(tmp_path)!r}))
"""
    environment = {"PERSIST_STATE": "1", "STATE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([setup.PYTHON, "-c", script], env=environment, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    parts = {path.name for path in (tmp_path / "current").iterdir()}
    assert {"dynamodb.json", "lambda.json"} <= parts


def test_a_second_start_says_that_kept_is_running(place: Place) -> None:
    with up(place):
        second = command("run", place)
    assert second.returncode == 1
    assert second.stderr == f"Kept is running already at {place.url}; make stop ends it.\n"


@pytest.mark.parametrize(("variable", "which"), [("KEPT_PORT", "port"), ("KEPT_STACK_PORT", "stack_port")])
def test_a_port_in_use_is_named_with_what_changes_it(variable: str, which: str, place: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", getattr(place, which)))
        taken.listen()
        refused = command("run", place)
    port = getattr(place, which)
    example = f"{variable}={port + 1} make run"
    assert refused.returncode == 1
    assert refused.stderr == f"Port {port} is in use; choose another with {variable}, for example {example}.\n"


def test_the_port_is_let_go_of_before_the_lock(place: Place) -> None:
    """Who stops Kept and starts it again waits for the lock alone, however long the process takes to end."""
    with run.served(Front(place, "an-api", MagicMock())):
        assert connects(place.port)
    instance.refuse_taken_ports(place)


def connects(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT_PORT", "eight")
    with pytest.raises(NotNow, match=r"KEPT_PORT must be a port number from 1 to 65535, not 'eight'\."):
        local_place.place_from(None, None, a_free_port())


def test_reset_forgets_the_state_and_keeps_the_environment(place: Place) -> None:
    with up(place) as stack:
        write(stack, "a row")
        assert command("reset", place).stderr == "Kept is running; stop it first with make stop.\n"
    assert command("reset", place).returncode == 0
    assert {path.name for path in place.folder.iterdir()} == {"logs"}
    with up(place) as stack:
        assert not has(stack, "a row")


def test_reset_forgets_what_an_ending_lambda_still_writes(place: Place) -> None:
    """The Lambdas of a stack that has ended go on for a moment, and write what they import beside it."""
    code = place.folder / "tmp" / "a-lambda" / "code"

    def write_for(seconds: float) -> None:
        enough = time.monotonic() + seconds
        while time.monotonic() < enough:
            with suppress(FileNotFoundError):
                code.mkdir(parents=True, exist_ok=True)
                (code / str(time.time_ns())).touch()

    write_for(0.1)
    with ThreadPoolExecutor() as pool:
        pool.submit(write_for, 0.5)
        instance.forget(place)
    instance.forget(place)
    assert not list(place.folder.iterdir())


def test_stopping_what_does_not_run_says_so(place: Place) -> None:
    assert command("down", place).stdout == "Kept is not running.\n"


WRONG_PYTHONS = {
    "none at all": ({}, "none"),
    "too old": ({"python3": "echo 3.9"}, "3.9"),
    "too new": ({"python3": "echo 3.14"}, "3.14"),
    "names that only pretend": ({"python3.12": "exit 127", "python3": "echo 3.10"}, "3.10"),
    "one without venv": (
        {"python3": 'case "$2" in *ensurepip*) exit 1;; *) echo 3.12;; esac'},
        "3.12 without venv (on Debian and Ubuntu: install python3.12-venv)",
    ),
}


@pytest.mark.parametrize(("pythons", "found"), WRONG_PYTHONS.values(), ids=WRONG_PYTHONS)
def test_a_wrong_python_is_said_in_one_sentence(pythons: dict[str, str], found: str, tmp_path: Path) -> None:
    for name, body in pythons.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    command_line = ["/bin/sh", str(ROOT / "infra/local/python.sh"), "--version"]
    refused = subprocess.run(command_line, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr) == (1, f"Kept needs Python 3.11 to 3.13; found {found}.\n")


def test_a_python_that_starts_is_taken_after_names_that_only_pretend(tmp_path: Path) -> None:
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.13").chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    command_line = ["/bin/sh", str(ROOT / "infra/local/python.sh"), "-c", "print('started')"]
    taken = subprocess.run(command_line, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert taken.stdout == "started\n"


@pytest.fixture
def not_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ".local" / "venv"
    for name, path in {"VENV": venv, "PYTHON": venv / "bin/python", "STAMP": venv / "made-from"}.items():
        monkeypatch.setattr(setup, name, path)
    monkeypatch.setattr(setup, "LOG", tmp_path / ".local" / "logs" / "setup.log")


@pytest.mark.usefixtures("not_set_up")
def test_of_two_first_starts_at_once_one_makes_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def step(command: list[str], log: int, what: str) -> None:  # noqa: ARG001
        steps.append(what)
        setup.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        setup.PYTHON.touch()

    monkeypatch.setattr(setup, "_step", step)
    with ThreadPoolExecutor(2) as starts:
        list(starts.map(lambda _: setup.make(), range(2)))
    assert steps == ["make a virtual environment", "install its packages (is the network reachable?)"]
    assert setup.is_ready()


@pytest.mark.usefixtures("not_set_up")
def test_no_network_at_set_up_is_one_sentence_and_the_next_start_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = {"PIP_INDEX_URL": f"http://127.0.0.1:{a_free_port()}", "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": ""}
    for name, value in (nowhere | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(
        NotNow, match=r"^Kept could not install its packages \(is the network reachable\?\); the details"
    ):
        setup.make()
    assert not setup.is_ready()
