"""A template's loops as the tests and the local deployment write them out."""

from samcli.lib.cfn_language_extensions.sam_integration import (
    expand_language_extensions,
)
from samtranslator.yaml_helper import yaml_parse

from infra.local.loops import has_loops, written_out
from tests.templates import ROOT


def test_loops_are_written_out_as_sam_does() -> None:
    """But for its own way to say a Sub that has no variable left."""
    read = yaml_parse((ROOT / "infra/watch.yaml").read_text(encoding="utf-8"))
    assert has_loops(read)
    theirs = expand_language_extensions(read, {}, enabled=True).expanded_template["Resources"]
    ours = written_out(read)["Resources"]
    assert list(ours) == list(theirs)
    assert {name: block["Properties"].get("MetricName") for name, block in ours.items()} == {
        name: block["Properties"].get("MetricName") for name, block in theirs.items()
    }


def test_a_template_without_loops_is_left_as_it_is() -> None:
    read = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}
    assert written_out(read) == read
