"""The document of the API and the functions that answer it."""

from pathlib import Path

from infra import openapi


def test_the_document_is_what_the_functions_say() -> None:
    """infra/openapi.json is written by `make openapi`; whoever changes a route or a shape writes it anew."""
    assert Path(openapi.FILE).read_text() == openapi.text()


def test_two_functions_that_name_a_shape_alike_mean_the_same() -> None:
    """The document holds one shape for a name."""
    shapes: dict[str, object] = {}
    for function in openapi.FUNCTIONS:
        for name, shape in openapi.said(function)["components"]["schemas"].items():
            assert shapes.setdefault(name, shape) == shape, name
