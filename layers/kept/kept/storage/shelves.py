"""What stands beside a catalog in its table: small things under names of their own, each read by itself."""

from kept.storage.tables import CatalogItem


def body_of(partition: str, id: str, *, consistently: bool = True) -> str:
    """ "" for what is not there. By a query, for whoever reads catalogs may do nothing else."""
    found = CatalogItem.query(partition, CatalogItem.id == id, consistent_read=consistently)
    return next((item.body for item in found), "")
