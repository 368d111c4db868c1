"""Refusals: a request that is declined and has changed nothing. Each is a class of its area, in its `refusals.py`.

A refusal has a stable `code`, a sentence for a person in each of our languages, and the facts to act on. Its family,
below, carries the status that HTTP gives it. What any area may say stands here.
"""

from http import HTTPStatus
from typing import ClassVar


class Refusal(Exception):
    """Of all families."""

    status: ClassVar[HTTPStatus]
    code: ClassVar[str]
    words: ClassVar[str]
    words_zh: ClassVar[str]

    def __init__(self, words: str | None = None, **facts: object) -> None:
        super().__init__(words or self.words)
        self.facts = facts


class NotFound(Refusal):
    """Not in this business, or not at all."""

    status = HTTPStatus.NOT_FOUND


class Conflict(Refusal):
    """Not as things stand; it may be otherwise after another look."""

    status = HTTPStatus.CONFLICT


class Invalid(Refusal):
    """Understood, and it makes no sense."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Malformed(Refusal):
    """Not understood."""

    status = HTTPStatus.BAD_REQUEST


class TooLarge(Refusal):
    """More than is read."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooMany(Refusal):
    """More than is taken at one time."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Unauthenticated(Refusal):
    """Nobody is known to ask."""

    status = HTTPStatus.UNAUTHORIZED


class Gone(Refusal):
    """It was there, and its time is over."""

    status = HTTPStatus.GONE


class Forbidden(Refusal):
    """Known, and not allowed."""

    status = HTTPStatus.FORBIDDEN


class UnknownRoute(NotFound):
    """No route answers this path and method."""

    code = "unknown_route"
    words = "There is nothing at this address."
    words_zh = "此地址没有内容。"


class MalformedJson(Malformed):
    """The body is not JSON, or not a JSON object."""

    code = "malformed_json"
    words = "The body is not a JSON object."
    words_zh = "请求内容不是 JSON 对象。"


class InvalidRequest(Invalid):
    """A well-formed body or query with wrong fields; facts list each with its reason."""

    code = "invalid_request"
    words = "Some fields are missing or wrong."
    words_zh = "有些字段缺失或有误。"


class BodyTooLarge(TooLarge):
    """More than any route of ours needs."""

    code = "body_too_large"
    words = "The request is too large."
    words_zh = "请求内容太大。"


class TooManyRequests(TooMany):
    """More than a stranger may do here; facts say of what (`of`) and in how many seconds there is room again."""

    code = "too_many_requests"
    words = "That is more than is taken here at one time; please call, or try again later."
    words_zh = "目前的请求太多；请致电，或稍后再试。"


class Outdated(Conflict):
    """Somebody changed it since it was read; nothing was changed."""

    code = "outdated"
    words = "This was changed by somebody else in the meantime; look at it again."
    words_zh = "其间已被他人更改，请重新查看。"


class KeyReused(Invalid):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"
    words = "This Idempotency-Key was used for a different request."
    words_zh = "这个 Idempotency-Key 已用于另一个请求。"


class InProgress(Conflict):
    """Its first answer is not known yet."""

    code = "in_progress"
    words = "This request is still being worked on; please repeat it in a moment."
    words_zh = "这个请求仍在处理，请稍后重复。"


class ReasonRequired(Invalid):
    """What is done needs a reason that others can read."""

    code = "reason_required"
    words = "Please say why."
    words_zh = "请说明原因。"


class SignInRequired(Unauthenticated):
    """The token names no business."""

    code = "sign_in_required"
    words = "Please sign in."
    words_zh = "请登录。"


class RoleRequired(Forbidden):
    """Signed in, but not in a group that may do this."""

    code = "role_required"
    words = "Your role does not allow this."
    words_zh = "您的角色没有此权限。"


class InvalidSetting(Invalid):
    """A setting that makes no sense; facts name the field and the reason."""

    code = "invalid_setting"
    words = "This setting makes no sense."
    words_zh = "这项设置不合理。"
