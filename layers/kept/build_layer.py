"""Builds a layer into a folder: pinned wheels for where it will run, nothing that nobody reads, and in the layer of all
functions the package kept.

Needs pip alone. What is left out is named below with its reason; tests/agreement/test_build.py imports all the rest.
"""

import argparse
import ast
import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).absolute().parent
LARGEST = 250
"""MB unzipped that Lambda takes, the function's own code included."""

SERVICES = {"cognito-idp": "cognito-idp", "dynamodb": "dynamodb", "lambda": "lambda",
            "pinpoint-sms-voice-v2": "sms-voice", "secretsmanager": "secretsmanager",
            "socialmessaging": "social-messaging", "sesv2": "email", "sqs": "sqs", "ssm": "ssm"}  # fmt: skip
"""The AWS services in use: their folder in botocore, and what endpoints.json calls them."""
NAMED = ("email_validator", "holidays")
"""Packages that ask for their own version when they are imported; all others do without dist-info, and pydantic, which
reads every one of them in search of plug-ins, is the quicker for it."""
UNUSED = (
    "bin",
    *(f"aws_lambda_powertools/utilities/{name}" for name in (
        "auth_alpha", "batch", "circuit_breaker", "data_masking", "feature_flags", "kafka", "streaming"
    )),
    "babel/messages",  # making catalogs of texts
    "boto3/data", "boto3/examples",  # resources; Kept has clients
    "holidays/locale", "holidays/financial",  # what holidays are called elsewhere, and stock exchanges
    "icalendar/tests", "icalendar/fuzzing",
    "phonenumbers/geodata", "phonenumbers/carrierdata", "phonenumbers/tzdata",  # where and whose a number is
    "phonenumbers/shortdata/region_*.py",  # emergency and premium numbers
    "pydantic/v1", "**/mypy.py",
    "pypinyin/phrases_dict.json",  # of several characters
    "pypinyin/tools", "pypinyin/runner.py", "pypinyin/__main__.py",  # its command
    "segno/cli.py",  # its command
    "**/__pycache__",
    "**/*.pyi",
)  # fmt: skip
ASKED_FOR = {
    "aws_lambda_powertools": {"Logger", "VERSION", "inject_user_agent", "set_package_logger_handler"},
    "aws_lambda_powertools/event_handler": {"APIGatewayHttpResolver", "Response"},
    "aws_lambda_powertools/utilities/data_classes": {
        "ALBEvent", "APIGatewayProxyEventV2", "BedrockAgentEvent", "LambdaFunctionUrlEvent", "VPCLatticeEvent"
    },
}  # fmt: skip
"""Packages that import all they have as soon as one of their modules is imported: what Kept asks them for, and what
they ask themselves for. The rest (AppSync brings asyncio) is an eighth of a cold start."""
STRIPE_PARTS = ("checkout", "data", "v2")
"""The packages of Stripe's library that are asked for beside its top modules; `data` is whom it trusts."""
SHARED = ("idna", "urllib3", "typing_extensions.py")
"""What the payments' requirements name and the layer of all functions has, in the same version."""
LANGUAGES = ("root", "en", "zh")
"""Of babel's locale data."""


PYTHON, MACHINE = "3.13", "aarch64"
"""Of Lambda's runtime, as the template has it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the layer will run: the version of Python, and the processor of a Linux (None: this machine)."""

    python: str
    machine: str | None

    @property
    def wheels(self) -> list[str]:
        """What pip is told; glibc of Amazon Linux 2023 is 2.34, so wheels for any older one run there."""
        tags = ("manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34") if self.machine else ()
        platforms = [word for tag in tags for word in ("--platform", f"{tag}_{self.machine}")]
        return ["--only-binary=:all:", "--implementation", "cp", "--python-version", self.python, *platforms]


def build(folder: Path, target: Target) -> None:
    """`folder` becomes the layer's /opt: python/, and licenses/ with those of everything in it."""
    python = folder / "python"
    _install(python, target, HERE / "requirements.txt")
    _keep_licenses(python, folder / "licenses")
    for path in _left_out(python):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for package, names in ASKED_FOR.items():
        _narrow(python / package / "__init__.py", names)
    _thin_models(python / "botocore" / "data")
    _compile(folder, python, target)
    put_kept(folder, target)
    _say_what_came(folder, target)


def build_payments(folder: Path, target: Target) -> None:
    """The layer that payments have beside the other: Stripe's library, with what other calls than theirs are made of
    left out. What both layers need is the other's."""
    python = folder / "python"
    _install(python, target, HERE / "payments.txt")
    _keep_licenses(python, folder / "licenses")
    for path in _left_out_of_payments(python):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    _compile(folder, python, target)
    _say_what_came(folder, target)


def put_kept(folder: Path, target: Target) -> None:
    """The package itself, in place of the one that is there."""
    package = folder / "python" / "kept"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(HERE / "kept", package, ignore=shutil.ignore_patterns("__pycache__"))
    _compile(folder, package, target)


def interpreter(version: str) -> str | None:
    """A Python of that version on this machine, if there is one that starts."""
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    for name in (sys.executable, f"python{version}", *map(str, pyenv), *_of_uv(version)):
        try:
            said = subprocess.run([name, "-c", _VERSION], capture_output=True, text=True, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            continue
        if said.stdout.strip() == version:
            return name
    return None


_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


def _of_uv(version: str) -> Iterator[str]:
    """Only asked when nothing nearer was found."""
    if uv := shutil.which("uv"):
        command = [uv, "python", "find", "--no-project", version]
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        yield from found.stdout.split()


def _install(python: Path, target: Target, requirements: Path) -> None:
    where = ["--target", str(python), "--requirement", str(requirements)]
    how = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps", "--require-hashes"]
    subprocess.run([sys.executable, "-m", "pip", "install", *how, *target.wheels, *where], check=True)  # noqa: S603


def _keep_licenses(python: Path, licenses: Path) -> None:
    for info in python.glob("*.dist-info"):
        for text in (*info.glob("licenses/**/*"), *info.glob("LICEN[CS]E*"), *info.glob("NOTICE*")):
            if text.is_file():
                kept = licenses / info.name.removesuffix(".dist-info") / text.name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(text, kept)


def _left_out(python: Path) -> Iterator[Path]:
    for pattern in UNUSED:
        yield from list(python.glob(pattern))
    for info in python.glob("*.dist-info"):
        named = info.name.startswith(tuple(f"{name}-" for name in NAMED))
        yield from (path for path in info.iterdir() if path.name != "METADATA") if named else (info,)
    for locale in (python / "babel" / "locale-data").glob("*.dat"):
        if locale.stem.partition("_")[0] not in LANGUAGES:
            yield locale
    for service in (python / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            yield service


def _left_out_of_payments(python: Path) -> Iterator[Path]:
    """Of the library its packages by products that are not used: modules are loaded by name when they are asked for."""
    for pattern in (*SHARED, "bin", "**/__pycache__", "**/*.pyi"):
        yield from list(python.glob(pattern))
    yield from python.glob("*.dist-info")
    for package in (python / "stripe").iterdir():
        if package.is_dir() and package.name not in STRIPE_PARTS:
            yield package


def _narrow(package: Path, names: set[str]) -> None:
    """Without its imports of its own modules that bring none of these. Raises LookupError for a name that none
    brings."""
    tree = ast.parse(package.read_text(encoding="utf-8"))
    brought = {name.name: it for it in tree.body if isinstance(it, ast.ImportFrom) and _is_own(it) for name in it.names}
    if lacking := names - brought.keys():
        raise LookupError(f"{package} does not import {', '.join(sorted(lacking))}")
    needless = {id(it) for it in brought.values()} - {id(brought[name]) for name in names}
    tree.body = [it for it in tree.body if id(it) not in needless and not _is_all(it)]
    package.write_text(ast.unparse(tree), encoding="utf-8")


def _is_own(it: ast.ImportFrom) -> bool:
    return bool(it.level) or f"{it.module}".startswith("aws_lambda_powertools.")


def _is_all(it: ast.stmt) -> bool:
    return isinstance(it, ast.Assign) and [ast.unparse(target) for target in it.targets] == ["__all__"]


def _thin_models(data: Path) -> None:
    """The newest model of each service, without its documentation and unpacked: a client is made in half the time."""
    for service in SERVICES:
        *older, newest = sorted((data / service).iterdir())
        for version in older:
            shutil.rmtree(version)
        (newest / "examples-1.json").unlink(missing_ok=True)
        for packed in newest.glob("*.json.gz"):
            _write(packed.with_suffix(""), _undocumented(json.loads(gzip.decompress(packed.read_bytes()))))
            packed.unlink()
    endpoints = data / "endpoints.json"
    _write(endpoints, _of_our_services(json.loads(endpoints.read_bytes())))


def _undocumented(model: Any) -> Any:
    """Without the texts; a member of a structure that is called documentation (it is a shape) stays."""
    if isinstance(model, dict):
        return {k: _undocumented(v) for k, v in model.items() if k != "documentation" or not isinstance(v, str)}
    return [_undocumented(part) for part in model] if isinstance(model, list) else model


def _of_our_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES.values() if name in services}
    return endpoints


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")))


def _compile(folder: Path, part: Path, target: Target) -> None:
    """Unchecked: the sources of a layer never change, so nothing reads them but a traceback, which says /opt."""
    if (name := interpreter(target.python)) is None:
        return
    how = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", "/opt"]
    subprocess.run([name, "-m", "compileall", *how, str(part)], check=True)  # noqa: S603


def _say_what_came(folder: Path, target: Target) -> None:
    if interpreter(target.python) is None:
        _say(f"No Python {target.python} here to compile with: the layer has sources only, and starts slower.")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    _say(f"The layer has {size:.1f} MB unzipped; Lambda takes {LARGEST} MB.")
    if size > LARGEST:
        sys.exit("The layer is too large.")


def _say(words: str) -> None:
    print(words, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=PYTHON, help="its version where the layer will run")
    parser.add_argument("--payments", action="store_true", help="the layer that payments have beside the other")
    parser.add_argument("--machine", default=MACHINE, help="its processor, or 'this' for this machine")
    said = parser.parse_args()
    target = Target(said.python, None if said.machine == "this" else said.machine)
    (build_payments if said.payments else build)(said.folder, target)
