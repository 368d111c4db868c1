"""What checkov is not asked (infra/checkov/config.yaml): each with its reason, and what it would look for is there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.templates import ROOT, template

CONFIG = (ROOT / "infra/checkov/config.yaml").read_text(encoding="utf-8")
TEMPLATES = ("template.yaml", *(f"infra/{file.name}" for file in (ROOT / "infra").glob("*.yaml")))


def of_type(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in TEMPLATES:
        for name, block in template(file)["Resources"].items():
            if block["Type"] == kind:
                yield name, block.get("Properties", {})


def test_every_template_is_looked_at() -> None:
    assert re.findall(r"[\w/]+\.yaml", CONFIG.partition("file: [")[2].partition("]")[0]) == [
        "template.yaml", "infra/tables.yaml", "infra/queues.yaml", "infra/watch.yaml",
    ]  # fmt: skip
    assert sorted(TEMPLATES) == ["infra/queues.yaml", "infra/tables.yaml", "infra/watch.yaml", "template.yaml"]


def test_every_skip_has_its_reason() -> None:
    skips = re.findall(r"^  - (CKV_\w+)(.*)$", CONFIG, re.MULTILINE)
    assert skips
    assert [check for check, reason in skips if not re.fullmatch(r" +# [A-Z][^.]{20,}.*\.", reason)] == []


@pytest.mark.parametrize("file", TEMPLATES)
def test_every_skip_of_one_resource_has_its_reason(file: str) -> None:
    for name, block in template(file)["Resources"].items():
        for skip in block.get("Metadata", {}).get("checkov", {}).get("skip", []):
            assert len(skip["comment"]) > 20, name


def test_what_the_checks_that_are_not_asked_would_look_for_is_there() -> None:
    assert [name for name, said in of_type("AWS::SQS::Queue") if not said.get("SqsManagedSseEnabled")] == []
    assert [name for name, said in of_type("AWS::DynamoDB::Table") if not said["SSESpecification"]["SSEEnabled"]] == []
