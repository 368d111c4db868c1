"""What an owner does after a first deployment: people who sign in; here, the demo and its people."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from infra.local import sign_in
from infra.local.place import REGION, ROOT, STACK_NAME, NotNow, Place
from infra.local.stack import client

_PLANTED = "/local/planted"


def take(place: Place, say: Callable[[str], None], *, past: bool = True) -> None:
    """Each step is left out where it was taken before; `past`: with the weeks that are over. Raises NotNow when the
    demo cannot be planted."""
    sign_in.make_all(place)
    if not place.receivers_file.exists():  # the console has the own calendars of the demo's staff
        place.receivers_file.write_text(place.url.removeprefix("http://"))
    notes = client(place, "ssm")
    if not _is_planted(notes):
        say("planting two demo businesses")
        _plant(place, *(["past"] if past else []))
        notes.put_parameter(Name=_PLANTED, Value="yes", Type="String")


def code(place: Place) -> str:
    """For one new business, and how long it is good."""
    put_out = [sys.executable, "-m", "infra.start_code", STACK_NAME]
    done = subprocess.run(put_out, cwd=ROOT, env=_as_a_lambda(place), capture_output=True, check=False, text=True)
    if done.returncode:
        raise NotNow("Kept is not running; make run starts it.")
    return done.stdout.strip()


def _is_planted(notes: Any) -> bool:
    """Noted in the stack itself, so that the note is in a copy of the state exactly when all of the demo is."""
    return bool(notes.get_parameters(Names=[_PLANTED])["Parameters"])


def _plant(place: Place, *what: str) -> None:
    """In a process of its own, which sees the stack as a Lambda does."""
    planted = subprocess.run(
        [sys.executable, "-m", "infra.local.seed", *what],
        cwd=ROOT,
        env=_as_a_lambda(place),
        capture_output=True,
        check=False,
        text=True,
    )
    if planted.returncode:
        raise NotNow(f"The demo businesses could not be planted:\n{planted.stderr}")


def _as_a_lambda(place: Place) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings: dict[str, str] = client(place, "lambda").list_functions()["Functions"][0]["Environment"]["Variables"]
    reaching = {
        "PYTHONPATH": str(ROOT / "layers" / "kept"),
        "AWS_ENDPOINT_URL": place.stack_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "NO_PROXY": "127.0.0.1",
    }
    return kept | settings | reaching
