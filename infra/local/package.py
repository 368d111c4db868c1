"""What `sam build` and `sam package` do, for one machine: the code as zips, and what templates point at uploaded."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from infra.local.place import HERE, ROOT, Place, fingerprint
from infra.local.stack import client

BUCKET = "kept-artifacts"
FUNCTIONS = ROOT / "functions"
LAYER = ROOT / "layers" / "kept" / "kept"
IN_PLACE = {"clock.py": "clock.py", "own_network.py": "use_cases/outside/own_network.py"}
"""Modules of ours that stand in the product's place on one machine, and nowhere else."""
_ZIPPED_AT = (2020, 1, 1, 0, 0, 0)


def functions_zip() -> bytes:
    return _zipped({str(path.relative_to(FUNCTIONS)): path.read_bytes() for path in _files(FUNCTIONS)})


def layer_zip() -> bytes:
    """The package kept with the local clock in place of its own, and with what may be called on this machine; what it
    imports, the stack's own environment has."""
    package = {f"python/kept/{path.relative_to(LAYER)}": path.read_bytes() for path in _files(LAYER)}
    return _zipped(package | {f"python/kept/{inside}": (HERE / name).read_bytes() for name, inside in IN_PLACE.items()})


def payments_zip() -> bytes:
    """Of what payments have beside the rest its name alone: the stack's own environment has all of it."""
    return _zipped({"python/payments.txt": (LAYER.parent / "payments.txt").read_bytes()})


def templates() -> list[Path]:
    return [ROOT / "template.yaml", *sorted((ROOT / "infra").glob("*.yaml"))]


class Uploads:
    """The bucket everything is put into, each thing under the fingerprint of its content."""

    def __init__(self, place: Place) -> None:
        self._s3 = client(place, "s3")
        self._s3.create_bucket(Bucket=BUCKET)

    def put(self, content: bytes, ending: str) -> dict[str, str]:
        """Where it lies, as templates name it: bucket and key."""
        key = fingerprint(content) + ending
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return {"Bucket": BUCKET, "Key": key}

    def put_template(self, content: bytes) -> str:
        """Its address, as nested stacks and stack calls name it."""
        return f"https://s3.amazonaws.com/{BUCKET}/{self.put(content, '.template')['Key']}"


def _zipped(files: dict[str, bytes]) -> bytes:
    """The same bytes for the same files, whenever they were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _ZIPPED_AT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
