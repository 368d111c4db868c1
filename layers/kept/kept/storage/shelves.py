"""What stands beside a catalog in its table: small things under names of their own, each read by itself."""

from pynamodb.expressions.condition import Condition

from kept.storage.tables import CatalogItem


def body_of(partition: str, id: str, *, consistently: bool = True) -> str:
    """ "" for what is not there. By a query, for whoever reads catalogs may do nothing else."""
    found = CatalogItem.query(partition, CatalogItem.id == id, consistent_read=consistently)
    return next((item.body for item in found), "")


def says_still(body: str) -> Condition:
    """On which what was read is written over; "" where it was not there."""
    unchanged: Condition = CatalogItem.body == body if body else CatalogItem.id.does_not_exist()
    return unchanged
