"""A client of the API as its users make one: generated from infra/openapi.json."""

import os
import subprocess
import sys
from pathlib import Path

from infra.local.place import PATIENCE
from tests.templates import ROOT


def generated(into: Path) -> subprocess.CompletedProcess[str]:
    """The package is at `into`. Fails where a part of the document cannot be understood, however small."""
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    arguments = [*generator, "--path", str(ROOT / "infra/openapi.json"), "--output-path", str(into)]
    formatters = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{formatters}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
