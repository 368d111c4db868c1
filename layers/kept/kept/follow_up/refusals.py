"""What cannot be written into the history of a follow-up."""

from kept.errors import Conflict, Invalid, NotFound


class UnknownFollowUp(NotFound):
    """No such follow-up in this business."""

    code = "unknown_follow_up"
    words = "There is no such follow-up."
    words_zh = "没有这个跟进事项。"


class UnknownPolicy(NotFound):
    """The business has never saved a policy of that number."""

    code = "unknown_policy"
    words = "There is no policy with this number."
    words_zh = "没有这个编号的规则。"


class FollowUpClosed(Conflict):
    """A follow-up that is resolved takes no more answers."""

    code = "follow_up_closed"
    words = "This follow-up is closed."
    words_zh = "这个跟进事项已关闭。"


class FollowUpOpen(Conflict):
    """Only a follow-up that is closed can be reopened, and only of one that is closed is it asked how it went."""

    code = "follow_up_open"
    words = "This follow-up is still open."
    words_zh = "这个跟进事项尚未关闭。"


class DisputeOpen(Conflict):
    """A dispute is closed by deciding it."""

    code = "dispute_open"
    words = "Decide the dispute; that closes it, and tells the client."
    words_zh = "请先对异议作出决定；决定后会自动关闭并通知客户。"


class FollowUpFull(Conflict):
    """So much has happened to it that it takes little more than its answer and its end."""

    code = "follow_up_full"
    words = "This follow-up has become too long: please close it and open another."
    words_zh = "这个跟进事项记录太长：请关闭它，另开一个。"


class OutOfOrder(Conflict):
    """It would have happened before what is already written; facts hold the instant it may not be before."""

    code = "out_of_order"
    words = "Something later than this has already been written down."
    words_zh = "已有更晚的记录。"


class InTheFuture(Invalid):
    """It is said to have happened, at a time still to come."""

    code = "in_the_future"
    words = "This time is still to come."
    words_zh = "这个时间还没有到。"


class InvalidPause(Invalid):
    """A pause that ends before it begins, or lasts longer than the policy allows; facts hold the longest."""

    code = "invalid_pause"
    words = "A pause must end, and in time."
    words_zh = "暂停必须有结束时间，且不能太久。"


class NothingToDismiss(Conflict):
    """No message of the client awaits an answer, or only the one that awaits the first."""

    code = "nothing_to_dismiss"
    words = "No message awaits an answer here; a matter that needs none is closed instead."
    words_zh = "这里没有等待答复的消息；无需答复的事项请直接关闭。"


class StepNotDue(Conflict):
    """Not the step that the plan has come to; facts name that one, or none."""

    code = "step_not_due"
    words = "The plan has not come to this step, or has no such step."
    words_zh = "计划尚未到这一步，或没有这一步。"


class CannotMerge(Conflict):
    """Two follow-ups of different clients, or one with itself."""

    code = "cannot_merge"
    words = "These two cannot be made one."
    words_zh = "这两个事项无法合并。"
