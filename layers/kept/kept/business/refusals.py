"""What a business does not have, and settings that make no sense."""

from kept.errors import Conflict, NotFound


class UnknownBusiness(NotFound):
    """No such business in this deployment."""

    code = "unknown_business"
    words = "There is no such business."
    words_zh = "没有这家商户。"


class UnknownService(NotFound):
    """Not a service of this business, or no longer offered."""

    code = "unknown_service"
    words = "This business has no such service."
    words_zh = "这家商户没有这个项目。"


class UnknownStaff(NotFound):
    """Not a staff member of this business, or not one who does this service."""

    code = "unknown_staff"
    words = "This business has no such staff member for this service."
    words_zh = "这家商户没有做这个项目的这位员工。"


class UnknownRoom(NotFound):
    """Not a room of this business."""

    code = "unknown_room"
    words = "This business has no such room."
    words_zh = "这家商户没有这个房间。"


class StaffLeft(Conflict):
    """Whoever the visit is with is not here any more; facts hold those who do the same, by their ids."""

    code = "staff_left"
    words = "The person this was booked with has left; choose somebody else."
    words_zh = "原预约的员工已离职，请选择其他人。"
