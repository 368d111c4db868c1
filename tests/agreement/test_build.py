"""What a deployment uploads can be built from these files, is small enough, and lacks nothing that is imported."""

import os
import subprocess
import sys
from pathlib import Path

import holidays
import pytest

import build_layer
from infra.local.place import ROOT
from tests.bench import layer

BIN = Path(sys.executable).parent
EVERY_IMPORT = """
import importlib, pathlib, sys
layer, functions = map(pathlib.Path, sys.argv[1:])
sys.path[:0] = [str(functions), str(layer)]
for folder in (functions, layer / "kept"):
    for path in folder.rglob("*.py"):
        parts = path.relative_to(functions if folder == functions else layer).with_suffix("").parts
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
import boto3, email_validator, holidays, icalendar, phonenumbers
for service in sys.stdin.read().split():
    boto3.client(service, region_name="us-east-1")
holidays.country_holidays("CN", years=2026)
phonenumbers.is_valid_number(phonenumbers.parse("+8613912345678"))
email_validator.validate_email("li@example.com", check_deliverability=False)
from kept.clients.pinyin import readings
assert readings("曾") == {"zeng", "ceng"}
"""
RESOLVER = "from aws_lambda_powertools.event_handler import APIGatewayHttpResolver"
EVERY_HOLIDAY = """
import sys
sys.path[:0] = sys.argv[1:]
import holidays
for country, parts in sorted(holidays.list_supported_countries().items()):
    for part in (None, *parts[:2]):
        calendar = holidays.country_holidays(country, subdiv=part, years=(2025, 2026, 2027))
        print(country, part, sorted(calendar), sorted(calendar.weekend), sorted(calendar.weekend_workdays))
"""
SETTINGS = {
    "TABLE_PREFIX": "kept",
    "AWS_DEFAULT_REGION": "us-east-1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYPINYIN_NO_PHRASES": "true",
}


def sam(*words: str) -> subprocess.CompletedProcess[str]:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
    return subprocess.run([BIN / "sam", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    build = sam("build", "--build-dir", str(folder))
    assert build.returncode == 0, build.stderr
    return folder


def test_the_template_is_valid() -> None:
    said = sam("validate", "--lint")
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_function_is_built(artifacts: Path) -> None:
    handlers = {path.name for path in (ROOT / "functions").glob("*.py")}
    built = [folder for folder in artifacts.iterdir() if (folder / "booking.py").exists()]
    assert len(built) == len(handlers)
    assert all({path.name for path in folder.glob("*.py")} == handlers for folder in built)


def test_the_layer_is_small_enough_and_for_its_processor_and_python(artifacts: Path) -> None:
    files = [path for path in (artifacts / "KeptLayer").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 60e6
    natives = [path.name for path in files if path.suffix == ".so"]
    assert natives
    assert all("cpython-313-aarch64-linux" in name for name in natives)


def test_the_layer_has_the_package_and_the_licenses_of_all_it_brings(artifacts: Path) -> None:
    pinned = [
        line.split("==")[0] for line in (build_layer.HERE / "requirements.txt").read_text().splitlines() if "==" in line
    ]
    licensed = {path.name.rpartition("-")[0] for path in (artifacts / "KeptLayer" / "licenses").iterdir()}
    assert {name.replace("-", "_") for name in pinned} == licensed
    assert (artifacts / "KeptLayer" / "python" / "kept" / "runtime.py").exists()


def test_nothing_that_was_left_out_is_missed() -> None:
    """Every function and module is imported, and a client made of every service, with the layer and nothing else."""
    here = layer.THIS_PYTHON
    command = [layer.interpreter(here), "-S", "-c", EVERY_IMPORT, str(layer.built(here)), str(ROOT / "functions")]
    services = " ".join(build_layer.SERVICES)
    ran = subprocess.run(command, input=services, env=SETTINGS, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_what_powertools_imports_by_itself_is_what_it_is_asked_for() -> None:
    """Not AppSync, which brings asyncio, nor the events of thirty sources."""
    asked = f"from aws_lambda_powertools import Logger\n{RESOLVER}\nimport sys; print(*sys.modules)"
    here, environment = layer.THIS_PYTHON, {"PYTHONPATH": str(layer.built(layer.THIS_PYTHON))}
    command = [layer.interpreter(here), "-S", "-c", asked]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert {"asyncio", "aws_lambda_powertools.tracing", "aws_lambda_powertools.metrics"}.isdisjoint(said)
    assert len([name for name in said if name.startswith("aws_lambda_powertools.utilities.data_classes.")]) < 12


def test_the_layer_has_the_holidays_of_the_whole_library() -> None:
    """What holidays are called in other languages is left out of it; no date may depend on that."""
    packages = Path(holidays.__file__).parent.parent
    asked = [layer.interpreter(layer.THIS_PYTHON), "-S", "-c", EVERY_HOLIDAY]
    with_layer, with_all = (
        subprocess.run([*asked, str(path)], capture_output=True, text=True, check=True).stdout
        for path in (layer.built(layer.THIS_PYTHON), packages)
    )
    assert with_layer == with_all
    assert with_all.count("\n") > 500


def test_no_package_comes_with_the_layer_that_nothing_asks_for() -> None:
    """email-validator names dnspython, with which it would look whether a domain takes mail; nobody lets it."""
    assert not (layer.built(layer.THIS_PYTHON) / "dns").exists()
    assert "dnspython" not in (build_layer.HERE / "requirements.txt").read_text()
