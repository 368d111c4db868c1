"""A stranger's program books with a client that was generated from the API's document, and nothing else of ours."""

import importlib
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.generating import generated
from tests.local.businesses import ZONE, a_studio, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

PACKAGE = "generated_kept"
SERVICE = "cut"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    done = generated(tmp_path / PACKAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield PACKAGE
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def route(package: str, named: str) -> Any:
    return importlib.import_module(f"{package}.api.{named}")


def test_a_generated_client_makes_a_booking(stack: Stack, package: str) -> None:
    """It finds a free time, books it, looks at it by its link and is refused in types as well: the time is taken."""
    opened(stack, "generated", a_studio("generated"))
    models = importlib.import_module(f"{package}.models")
    client = importlib.import_module(f"{package}.client")
    free = route(package, "booking.availability_v1_businesses_business_availability_get")
    catalog = route(package, "booking.book_slot_v1_businesses_business_appointments_post")
    show = route(package, "my_appointment.show_v1_appointment_get")
    day = stack.console.now().astimezone(ZONE).date() + timedelta(days=3)

    with client.Client(base_url=stack.base_url) as anybody:
        slots = free.sync("generated", client=anybody, service=SERVICE, from_=day, to=day).slots
        who = models.ClientDetails(name="Ann", email="ann@river.example", agrees_to=[models.Channel.EMAIL])
        wish = models.NewBookingRequest(service=SERVICE, start=slots[0].start, client=who)
        booked = catalog.sync("generated", client=anybody, body=wish, idempotency_key=str(uuid4()))
        again = catalog.sync_detailed("generated", client=anybody, body=wish, idempotency_key=str(uuid4()))
    assert (booked.status, booked.start, booked.staff) == (models.Status.BOOKED, slots[0].start, "mei")
    assert (again.status_code, str(again.parsed.code)) == (409, "slot_taken")

    with client.AuthenticatedClient(base_url=stack.base_url, token=booked.link) as ann:
        assert show.sync(client=ann).start == slots[0].start
