"""Starting, stopping and asking the stack (ministack in a process of its own)."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local.place import PATIENCE, REGION, ROOT, NotNow, Place


def start(place: Place, lock: int) -> subprocess.Popen[bytes]:
    """The running stack. It holds the instance's lock as well, so nobody starts a second one beside a dying one."""
    place.logs.mkdir(parents=True, exist_ok=True)
    with (place.logs / "stack.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.stack_process"],
            cwd=ROOT, env=_environment(place), stdin=subprocess.PIPE, stdout=log, stderr=log,
            start_new_session=True, pass_fds=[lock],
        )  # fmt: skip
    _until_answering(place, process)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Gracefully, with a last copy of the state; by force when that takes too long, and before who waits gives up."""
    process.terminate()
    try:
        process.wait(PATIENCE / 2)
    except subprocess.TimeoutExpired:
        process.kill()


def client(place: Place, service: str, endpoint: str = "") -> Any:
    """A boto3 client for the stack of this place, or another endpoint, whatever the machine's own AWS settings are."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=endpoint or place.stack_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        config=Config(read_timeout=PATIENCE),
    )


@contextmanager
def unless(code: str) -> Iterator[None]:
    """Passes over the one AWS error that says a step was taken before."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise


def ask(place: Place, path: str) -> Any:
    with urllib.request.urlopen(place.stack_url + path, timeout=PATIENCE) as answer:
        return json.load(answer)


def _environment(place: Place) -> dict[str, str]:
    """Nothing of the machine's AWS or Python settings reaches the stack or the Lambdas it runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON", "KEPT_"))}
    providers = f"{place.url}/console/providers"
    return kept | {
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(place.stack_port),
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(place.state),
        "S3_DATA_DIR": str(place.folder / "s3"),
        "TMPDIR": _made(place.folder / "tmp"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "NO_PROXY": "127.0.0.1,localhost",
        "TZ": "UTC",
        # What the Lambdas find beside their own settings.
        "KEPT_CLOCK_FILE": str(place.clock_file),
        "KEPT_RECEIVERS_FILE": str(place.receivers_file),
        "KEPT_STACK_STATE": str(place.state),
        "KEPT_COPIES": os.environ.get("KEPT_COPIES", "on"),
        "AWS_ENDPOINT_URL_SESV2": providers,
        "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2": providers,
        "AWS_ENDPOINT_URL_SOCIALMESSAGING": providers,
    }


def _made(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _until_answering(place: Place, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < give_up:
        try:
            ask(place, "/_kept/busy")
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    process.kill()
    raise NotNow(f"The stack did not start; the details are in {place.logs / 'stack.log'}.")
