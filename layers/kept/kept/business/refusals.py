"""What a business does not have, and settings that make no sense."""

from kept.errors import Conflict, Gone, Invalid, NotFound, TooLarge, TooMany


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
    words = "Nobody of that name works here, or they do not do this service."
    words_zh = "这里没有这位员工，或者对方不做这个项目。"


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


class UnknownSignIn(NotFound):
    """Not a sign-in of this business."""

    code = "unknown_sign_in"
    words = "This business has no such sign-in."
    words_zh = "这家商户没有这个登录账号。"


class EmailInUse(Conflict):
    """Somebody signs in with this address, wherever that is: an address leads to one business alone."""

    code = "email_in_use"
    words = "Somebody signs in with this address already; each address leads to one business alone."
    words_zh = "已有人用这个邮箱登录；每个邮箱只能对应一家商户。"


class OwnSignIn(Conflict):
    """One's own role and access are for another owner to change."""

    code = "own_sign_in"
    words = "Nobody takes their own role or access away; another owner has to."
    words_zh = "不能撤销自己的角色或权限，须由另一位店主操作。"


class SignedInAlready(Conflict):
    """An invitation is for who has not chosen a password yet."""

    code = "signed_in_already"
    words = "They have chosen a password already; one that is forgotten is renewed where they sign in."
    words_zh = "对方已设置密码；忘记密码可在登录页面重设。"


class CodeWrong(Invalid):
    """None that this deployment put out."""

    code = "code_wrong"
    words = "This is no code of this deployment."
    words_zh = "这不是本系统的启动码。"


class CodeExpired(Gone):
    """One of ours, and its week is over."""

    code = "code_expired"
    words = "This code is too old; whoever runs the deployment can put out another."
    words_zh = "此启动码已过期；部署本系统的人可以另发一个。"


class CodeUsed(Conflict):
    """A code makes one business; whoever runs the deployment puts out another for another."""

    code = "code_used"
    words = "This code has made its business already; whoever runs the deployment can put out another."
    words_zh = "此启动码已用过；部署本系统的人可以另发一个。"


class BusinessTaken(Conflict):
    """Another business of this deployment is called so in its addresses."""

    code = "business_taken"
    words = "Another business has this address."
    words_zh = "此网址已被其他商户使用。"


class NoPicture(Invalid):
    """Not by its bytes, or one with something in it that could run."""

    code = "no_picture"
    words = "This is no picture that is taken here: a PNG, JPEG or WebP, with nothing in it that runs."
    words_zh = "这不是可用的图片：请用 PNG、JPEG 或 WebP，且不含可执行内容。"


class NobodyToTry(Conflict):
    """Over this channel whoever asks has no contact of their own; facts name it."""

    code = "nobody_to_try"
    words = "There is nobody to try this channel with: book for yourself once, with your sign-in address and number."
    words_zh = "该渠道没有可测试的联系方式：请先用登录邮箱和您的号码为自己预约一次。"


class ChannelNotUsed(Conflict):
    """The business sends nothing over it; facts name it."""

    code = "channel_not_used"
    words = "This channel is not among those of the business: add it in the settings first."
    words_zh = "本店尚未使用该渠道：请先在设置中添加。"


class TriedTooOften(TooMany):
    """As many test messages over this channel in an hour as there may be; facts name it."""

    code = "tried_too_often"
    words = "That was the last test message over this channel for this hour: every one may be charged."
    words_zh = "该渠道本小时的测试次数已用完：每次测试都可能收费。"


class UnknownPicture(NotFound):
    """None of the last few of this business."""

    code = "unknown_picture"
    words = "This picture is not kept any more; please choose it again from your files."
    words_zh = "这张图片已不再保留，请重新从文件中选择。"


class PictureTooLarge(TooLarge):
    """More than a page should load; facts say how many bytes are taken."""

    code = "picture_too_large"
    words = "This picture is too large; it may have 200 KB."
    words_zh = "图片太大，最多 200 KB。"
