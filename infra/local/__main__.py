"""`python -m infra.local run | up | down | reset | code`, with a plain Python: the first makes its own environment."""

import argparse
import os
import subprocess
import sys
import time

from infra.local import setup
from infra.local.place import PATIENCE, ROOT, VENV, NotNow, Place, place_from

_UP_WITHIN = 2 * PATIENCE


def main(arguments: list[str]) -> int:
    try:
        said = _read(arguments)
        place = place_from(said.dir, said.port, said.stack_port)
        _COMMANDS[said.command](place, arguments)
    except NotNow as sentence:
        print(sentence, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Kept on one machine.")
    parser.add_argument(
        "command",
        choices=list(_COMMANDS),
        help="run here, up and down, reset the state, a code for a new business",
    )
    parser.add_argument("--dir", help="folder of the instance (KEPT_DIR, .local)")
    parser.add_argument("--port", type=int, help="port of the product and the console (KEPT_PORT, 8765)")
    parser.add_argument("--stack-port", type=int, help="port of the stack (KEPT_STACK_PORT, 4570)")
    return parser.parse_args(arguments)


def _run(place: Place, arguments: list[str]) -> None:

    _prepare(arguments)
    from infra.local.run import run

    run(place, _say)


def _up(place: Place, arguments: list[str]) -> None:
    """Start in the background and return when it is ready."""
    _prepare(arguments)
    place.logs.mkdir(parents=True, exist_ok=True)
    log = place.logs / "run.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "infra.local", "run", *arguments[1:]]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    give_up = time.monotonic() + _UP_WITHIN
    while not place.run_file.exists() or str(process.pid) not in place.run_file.read_text():
        if process.poll() is not None or time.monotonic() > give_up:
            process.terminate()
            raise NotNow(log.read_text().strip())
        time.sleep(0.05)


def _down(place: Place, _: list[str]) -> None:
    from infra.local import instance

    _say("stopped" if instance.stop(place) else "Kept is not running.")


def _reset(place: Place, _: list[str]) -> None:
    from infra.local import instance

    instance.forget(place)
    _say("forgotten: the next make run begins anew")


def _code(place: Place, arguments: list[str]) -> None:
    _prepare(arguments)
    from infra.local import first_steps

    _say(first_steps.code(place))


def _prepare(arguments: list[str]) -> None:
    """Go on in the environment of the local stack, which is made first where it is missing."""
    if not setup.is_ready():
        _say("setting up, once: installing packages into .local/venv")
        setup.make()
    if sys.prefix != str(VENV):
        os.execv(setup.PYTHON, [str(setup.PYTHON), "-m", "infra.local", *arguments])  # noqa: S606


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


_COMMANDS = {"run": _run, "up": _up, "down": _down, "reset": _reset, "code": _code}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
