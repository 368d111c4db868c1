"""Clients that are not known, and ways to reach them that do not work or were not agreed to."""

from kept.errors import Conflict, Invalid, NotFound


class UnknownClient(NotFound):
    """No such client in this business."""

    code = "unknown_client"
    words = "There is no such client."
    words_zh = "没有这位客户。"


class UnknownNote(NotFound):
    """No such note of this client."""

    code = "unknown_note"
    words = "There is no such note."
    words_zh = "没有这条备注。"


class TooManyPinned(Invalid):
    """As many notes are pinned as are shown beside a name; facts say how many."""

    code = "too_many_pinned"
    words = "Ten notes are pinned already; take the pin from one of them first."
    words_zh = "已置顶十条备注，请先取消其中一条。"


class StandingEnded(Invalid):
    """What is said of a client's standing would end before it begins."""

    code = "standing_ended"
    words = "This end has passed already; choose a later one."
    words_zh = "这个结束时间已过，请选择更晚的时间。"


class ChangedSince(Conflict):
    """Somebody changed the client since they were read; facts have them as they are `now`. Nothing was changed."""

    code = "changed_since"
    words = "Somebody else has changed this client in the meantime; look at what they are now."
    words_zh = "其间已有人更改了这位客户，请查看现在的内容。"


class SameClient(Invalid):
    """A client is to be merged with themselves."""

    code = "same_client"
    words = "This is one and the same client already."
    words_zh = "这本来就是同一位客户。"


class AlreadyMerged(Conflict):
    """One of the two is part of another client; facts name the client that it leads to (`into`)."""

    code = "already_merged"
    words = "This client has been merged with another one already; look at what stands there now."
    words_zh = "这位客户已并入另一位客户，请查看合并后的记录。"


class TooManyMerged(Conflict):
    """More records of one client than a client has; facts say how many there may be."""

    code = "too_many_merged"
    words = "So many records have been merged with this client that no more can be."
    words_zh = "这位客户已合并的记录过多，无法再合并。"


class NotMerged(Conflict):
    """What is to be taken apart is no part of this client."""

    code = "not_merged"
    words = "These two clients are not merged."
    words_zh = "这两位客户没有合并。"


class MergeIsFinal(Conflict):
    """The day in which a merge can be taken back is over; facts say until when it could (`until`)."""

    code = "merge_is_final"
    words = "A merge can be taken back for a day, and that day is over."
    words_zh = "合并只能在一天内撤销，现已超过时限。"


class ContactHeld(Conflict):
    """A client with this number or address is there already; facts name them (`holder`) and which it is (`contact`)."""

    code = "contact_held"
    words = "There is a client with this number or address already."
    words_zh = "已有客户使用这个号码或地址。"


class InvalidPhone(Invalid):
    """A telephone number that cannot be one."""

    code = "invalid_phone"
    words = "This is not a telephone number; write it with its country code, such as +1 212 555 0123."
    words_zh = "这不是电话号码；请连同国家代码填写，例如 +86 139 1234 5678。"


class InvalidEmail(Invalid):
    """An e-mail address that cannot be one."""

    code = "invalid_email"
    words = "This is not an e-mail address."
    words_zh = "这不是电子邮箱地址。"


class AmbiguousPhone(InvalidPhone):
    """A number without its country code that may be one of the country or one from abroad."""

    code = "ambiguous_phone"
    words = "This may be a number of two countries; write it with + and its country code, such as +86 139 1234 5678."
    words_zh = "这个号码可能属于两个国家；请加上 + 和国家代码，例如 +86 139 1234 5678。"


class PremiumPhone(InvalidPhone):
    """A number that costs whoever calls or writes to it."""

    code = "premium_phone"
    words = "This number costs whoever calls it; please give another one."
    words_zh = "拨打这个号码需要额外付费，请提供其他号码。"


class NotTextable(Invalid):
    """The channel agreed to does not reach a number of this kind; facts name both."""

    code = "not_textable"
    words = "Text messages do not reach this number; give a mobile number, or agree to another way."
    words_zh = "短信无法送达这个号码；请提供手机号码，或同意以其他方式联系。"


class UnwritableEmail(InvalidEmail):
    """An address that the providers of e-mail cannot write to."""

    code = "unwritable_email"
    words = "We cannot write to this address: before the @ there may be 64 plain letters, digits and signs at most."
    words_zh = "我们无法向这个地址发送邮件：@ 之前最多 64 个普通字母、数字和符号。"


class NoContact(Invalid):
    """Neither a telephone number nor an e-mail address was given."""

    code = "no_contact"
    words = "Please give a telephone number or an e-mail address."
    words_zh = "请提供电话号码或电子邮箱。"


class ConsentRequired(Invalid):
    """No channel was agreed to for messages about the booking."""

    code = "consent_required"
    words = "Please agree to messages about this appointment over one channel at least."
    words_zh = "请至少同意一种接收此预约消息的方式。"


class ContactTaken(Conflict):
    """Another client (`holder`) has proved that this number or address is theirs; `contact` says which it is."""

    code = "contact_taken"
    words = "Another client has shown that this number or address is theirs."
    words_zh = "另一位客户已证明这个号码或地址属于自己。"


class PromotionNotAgreed(Conflict):
    """The client has agreed to invitations over no channel."""

    code = "promotion_not_agreed"
    words = "This client has not agreed to invitations."
    words_zh = "这位客户没有同意接收邀约。"


class SmsNotServed(Invalid):
    """Not a number that this business sends text messages to: of a country it does not serve, or of no mobile."""

    code = "sms_not_served"
    words = "Text messages are not sent to this number; please choose another way to be told."
    words_zh = "无法向这个号码发送短信，请选择其他通知方式。"
