"""The layer as `sam build` makes it, but for this machine: to run what the cloud will run."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import build_layer
from infra.local.place import ROOT, fingerprint

CACHE = ROOT / ".local" / "bench"
THIS_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


def python_of_lambda() -> str:
    """The version Lambda runs where it is at hand, or else the one that asks."""
    return build_layer.PYTHON if build_layer.interpreter(build_layer.PYTHON) else THIS_PYTHON


def interpreter(python: str) -> str:
    """The real one, not a virtual environment's: that would bring its own packages."""
    name = build_layer.interpreter(python)
    if name is None:
        raise LookupError(f"no Python {python} here")
    asked = [name, "-c", "import sys; print(sys._base_executable)"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def built(python: str) -> Path:
    """Its folder `python`. The packages in it are kept until their list, or the way it is built, changes."""
    target = build_layer.Target(python, None)
    folder = _kept("layer", "requirements.txt", target, build_layer.build)
    build_layer.put_kept(folder, target)
    return folder / "python"


def built_for_payments(python: str) -> Path:
    """The same of the one that payments have beside it."""
    return _kept("payments", "payments.txt", build_layer.Target(python, None), build_layer.build_payments) / "python"


def _kept(name: str, made_from: str, target: build_layer.Target, build: Callable[..., None]) -> Path:
    content = [(build_layer.HERE / part).read_bytes() for part in (made_from, "build_layer.py")]
    folder = CACHE / f"{name}-{target.python}-{fingerprint(*content)}"
    if not folder.exists():
        for older in CACHE.glob(f"{name}-{target.python}-*"):
            shutil.rmtree(older)
        draft = folder.with_name(f"draft-{name}-{target.python}")
        shutil.rmtree(draft, ignore_errors=True)
        build(draft, target)
        draft.rename(folder)
    return folder
