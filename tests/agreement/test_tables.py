"""infra/tables.yaml, the single source of names and keys, and the models that read and write by them."""

from typing import Any

import pytest
from pynamodb.attributes import Attribute
from pynamodb.indexes import Index
from pynamodb.models import Model

from kept.storage import tables
from tests.templates import template

TABLES = {
    block["Properties"]["TableName"]["Fn::Sub"].replace("${Prefix}", "kept"): block
    for block in template("infra/tables.yaml")["Resources"].values()
}
MODELS: dict[str, Any] = {
    found.Meta.table_name: found
    for found in vars(tables).values()
    if isinstance(found, type) and issubclass(found, Model) and hasattr(found, "Meta")
}
each_table = pytest.mark.parametrize("name", MODELS)


def keys(said: dict[str, Any]) -> dict[str, str]:
    return {key["KeyType"]: key["AttributeName"] for key in said["KeySchema"]}


def keys_of(model: Any) -> dict[str, str]:
    """Of a model or an index, by what they and their bases declare."""
    attributes = [found for kind in model.__mro__ for found in vars(kind).values() if isinstance(found, Attribute)]
    hashed = [("HASH", attribute.attr_name) for attribute in attributes if attribute.is_hash_key]
    return dict([*hashed, *(("RANGE", attribute.attr_name) for attribute in attributes if attribute.is_range_key)])


def test_there_is_a_model_for_every_table_and_a_table_for_every_model() -> None:
    assert set(MODELS) == set(TABLES)


@each_table
def test_a_model_has_the_keys_of_its_table(name: str) -> None:
    assert keys_of(MODELS[name]) == keys(TABLES[name]["Properties"])


@each_table
def test_a_model_has_the_indexes_of_its_table(name: str) -> None:
    """With their keys and with what they carry."""
    stored = {said["IndexName"]: said for said in TABLES[name]["Properties"].get("GlobalSecondaryIndexes", [])}
    known = {index.Meta.index_name: type(index) for index in vars(MODELS[name]).values() if isinstance(index, Index)}
    assert set(known) == set(stored)
    for index, said in stored.items():
        assert keys_of(known[index]) == keys(said)
        assert known[index].Meta.projection.projection_type == said["Projection"]["ProjectionType"]


@each_table
def test_the_attributes_of_keys_have_the_types_that_the_table_says(name: str) -> None:
    said = {one["AttributeName"]: one["AttributeType"] for one in TABLES[name]["Properties"]["AttributeDefinitions"]}
    known = {attribute.attr_name: attribute.attr_type for attribute in MODELS[name].get_attributes().values()}
    assert said == {attribute: known[attribute] for attribute in said}


@each_table
def test_a_table_is_kept_safe(name: str) -> None:
    """It outlives its stack, cannot be deleted by mistake, and can be brought back to any second of the last weeks.

    But for a first deployment that failed, which holds nothing: it can be taken back and tried again.
    """
    block = TABLES[name]
    assert (block["DeletionPolicy"], block["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert block["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
    assert block["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert block["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


def test_what_expires_is_an_attribute_of_its_model() -> None:
    for name, block in TABLES.items():
        if expires := block["Properties"].get("TimeToLiveSpecification"):
            assert expires["AttributeName"] in MODELS[name].get_attributes()
