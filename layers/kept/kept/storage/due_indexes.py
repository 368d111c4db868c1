"""In which index the items of each lane are found while something is due for them."""

from kept.lanes import Lane
from kept.storage.tables import AppointmentItem, CatalogItem, Due, FollowUpItem, MessageItem

INDEXES: dict[Lane, Due] = {
    Lane.REMINDER: AppointmentItem.due,
    Lane.ATTENDANCE: AppointmentItem.due,
    Lane.MESSAGE: MessageItem.due,
    Lane.FOLLOW_UP: FollowUpItem.due,
    Lane.DAY_LIST: CatalogItem.due,
}
