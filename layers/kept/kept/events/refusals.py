"""What a business does not have of endpoints and deliveries, and why one is not called."""

from kept.errors import Conflict, NotFound


class UnknownEndpoint(NotFound):
    """Not an endpoint of this business."""

    code = "unknown_webhook"
    words = "There is no such address of events."
    words_zh = "没有这个事件接收地址。"


class UnknownDelivery(NotFound):
    """Not a delivery of this endpoint, or forgotten since."""

    code = "unknown_delivery"
    words = "There is no such delivery."
    words_zh = "没有这条投递记录。"


class EndpointOff(Conflict):
    """Nothing goes there until it is switched on again."""

    code = "webhook_off"
    words = "This address is switched off; switch it on first."
    words_zh = "该地址已停用，请先启用。"
