"""Where what is due in a lane stands: each of these tables has its index `due`."""

from typing import Any

from kept.lanes import Lane
from kept.storage.tables import AppointmentItem, CatalogItem, FollowUpItem, MessageItem

TABLES: dict[Lane, Any] = {
    Lane.REMINDER: AppointmentItem,
    Lane.ATTENDANCE: AppointmentItem,
    Lane.MESSAGE: MessageItem,
    Lane.FOLLOW_UP: FollowUpItem,
    Lane.DAY_LIST: CatalogItem,
}
