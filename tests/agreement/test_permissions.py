"""What each function asks of AWS on an ordinary day, and what template.yaml allows it."""

import importlib

import pytest

from kept import clock
from kept.client_links import signing_keys
from kept.runtime import aws
from kept.storage import catalogs, follow_up_policies
from tests.asked_of_aws import allowed, recording
from tests.functions.conftest import cloud, made
from tests.sample_events import samples, something_set_aside, the_world
from tests.templates import Function, functions

__all__ = ["cloud", "made"]


@pytest.fixture
def an_ordinary_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is warm: neither the keys of links nor the catalog."""
    the_world()
    something_set_aside()
    monkeypatch.setattr(signing_keys, "_read", None)
    catalogs.forget()
    follow_up_policies.forget()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")


@pytest.mark.usefixtures("an_ordinary_day")
@pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
def test_a_function_may_do_what_it_does_on_an_ordinary_day(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of its sample events needs more than its block allows; what is missing is refused in the cloud alone."""
    with recording() as asked:
        for sample in (sample for sample in samples() if sample.function == function.name):
            happens, event = sample.happens, sample.event
            monkeypatch.setattr(signing_keys, "_read", None)  # writing the sample's own link read them
            monkeypatch.setattr(clock, "now", lambda happens=happens: happens)
            importlib.import_module(sample.function).handler(event, None)
    assert asked[function.name].keys() - allowed(function) == set()
