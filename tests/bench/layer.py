"""The layer as `sam build` makes it, but for this machine: to run what the cloud will run."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    """Its folder `python`. The packages in it are kept until their list, or the way it is built, changes; the package
    itself until a file of it does: whoever imports from there while another asks for it finds it whole."""
    target = build_layer.Target(python, None)
    with _one_at_a_time():
        folder = _kept("layer", "requirements.txt", target, build_layer.build)
        said, of_now = folder / "kept-is", _content_of(build_layer.HERE / "kept")
        if not said.exists() or said.read_text() != of_now:
            build_layer.put_kept(folder, target)
            said.write_text(of_now)
    return folder / "python"


def built_for_payments(python: str) -> Path:
    """The same of the one that payments have beside it."""
    target = build_layer.Target(python, None)
    with _one_at_a_time():
        return _kept("payments", "payments.txt", target, build_layer.build_payments) / "python"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of all processes that run tests."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _content_of(package: Path) -> str:
    files = sorted(it for it in package.rglob("*") if it.is_file() and it.parent.name != "__pycache__")
    return fingerprint(*(part for it in files for part in (str(it.relative_to(package)).encode(), it.read_bytes())))


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
