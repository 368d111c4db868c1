"""The document of the API and the functions that answer it."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from infra import openapi
from kept.events.catalogue import EventType
from kept.events.change import AggregateChange, Kind
from kept.events.envelope import envelope
from kept.events.telling import events_of
from kept.storage.codec import whole_json
from tests.builders import an_appointment
from tests.generating import generated


def test_the_document_is_what_the_functions_say() -> None:
    """infra/openapi.json is written by `make openapi`; whoever changes a route or a shape writes it anew."""
    assert Path(openapi.FILE).read_text() == openapi.text()


def test_the_document_is_valid() -> None:
    validate(openapi.document())


def test_a_generator_understands_all_of_it(tmp_path: Path) -> None:
    """Two shapes with one title were one too many: what a business's settings are answered with was left out."""
    done = generated(tmp_path / "client")
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_functions_that_name_a_shape_alike_mean_the_same() -> None:
    """The document holds one shape for a name."""
    shapes: dict[str, object] = {}
    for function in openapi.FUNCTIONS:
        for name, shape in openapi.said(function)["components"]["schemas"].items():
            assert shapes.setdefault(name, shape) == shape, name


def test_every_default_is_as_it_travels() -> None:
    """And so can be sent back; what a type alone would make of it is no value of its own schema."""
    document = openapi.document()
    schemas = document["components"]["schemas"]
    defaults = [
        (name, field, part["default"])
        for name, schema in schemas.items()
        for field, part in schema.get("properties", {}).items()
        if "default" in part
    ]
    assert defaults
    for name, field, default in defaults:
        part = {**document, **schemas[name]["properties"][field]}
        assert not [error.message for error in Draft202012Validator(part).iter_errors(default)], (name, field)


def test_it_tells_who_is_not_let_in() -> None:
    """By API Gateway, which has a shape of its own, by us, and where one comes without a link or too often."""
    document = openapi.document()
    shapes = document["components"]["responses"]
    for path, methods in document["paths"].items():
        for method in methods.values():
            assert method["responses"]["429"] == {"$ref": "#/components/responses/TooMany"}
            needs = method.get("security", [{}])[0]
            named = {"staffToken": "NoToken", "clientLink": "NoLink"}.get(next(iter(needs), ""))
            assert method["responses"].get("401") == (named and {"$ref": f"#/components/responses/{named}"}), path
    assert set(shapes["NoToken"]["content"]) == {"application/json", "application/problem+json"}


def test_the_catalogue_of_events_is_part_of_it() -> None:
    """Each type with what is really sent: valid against the document's own shape of it."""
    document = openapi.document()
    assert set(document["webhooks"]) == set(EventType)
    booked = an_appointment()
    change = AggregateChange("lotus", Kind.APPOINTMENT, "a-1", None, booked, booked.booked_at, "1")
    (event,) = events_of(change)
    sent = json.loads(whole_json(envelope(event)))
    shape = document["webhooks"][event.type]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert not [error.message for error in Draft202012Validator({**document, **shape}).iter_errors(sent)]
    assert [error.message for error in Draft202012Validator({**document, **shape}).iter_errors(sent | {"data": {}})]
