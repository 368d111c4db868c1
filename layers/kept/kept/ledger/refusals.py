"""Money that cannot be asked, paid, let go of or given back so."""

from kept.errors import Conflict, Forbidden, Invalid, NotFound


class InvalidAmount(Invalid):
    """Not a whole number of minor units above nothing, or more than anybody pays; facts say the `most`."""

    code = "invalid_amount"
    words = "This is not an amount: a whole number of the smallest unit, above nothing."
    words_zh = "金额无效：须为大于零的整数（最小货币单位）。"


class AnotherCurrency(Invalid):
    """Not the business's own; facts name that (`currency`)."""

    code = "another_currency"
    words = "This is another currency than the business's own."
    words_zh = "币种与商家的币种不符。"


class AboveBalance(Conflict):
    """More than there is to pay, let go of, spend or give back; facts say the `most` in minor units."""

    code = "above_balance"
    words = "That is more than there is."
    words_zh = "超出可用金额。"


class UnknownReason(Invalid):
    """A reason that nobody could put into words."""

    code = "unknown_reason"
    words = "There is no such reason."
    words_zh = "没有这个原因。"


class UnknownEntry(NotFound):
    """Nothing of this client's ledger."""

    code = "unknown_entry"
    words = "There is no such line in this client's ledger."
    words_zh = "这位客户的账目中没有这一笔。"


class AlreadyReversed(Conflict):
    """It was taken back, or is itself what took something back."""

    code = "already_reversed"
    words = "This has been taken back already, or takes something back itself."
    words_zh = "这一笔已撤销，或本身就是撤销记录。"


class NotByHand(Conflict):
    """It came or went by card, which the provider alone takes back; or is what became of a deposit, which follows from
    its visit."""

    code = "not_by_hand"
    words = "This follows from the visit, or from its payment by card, and cannot be taken back by hand."
    words_zh = "这一笔由预约或刷卡付款产生，无法手动撤销。"


class WaiverAboveLimit(Forbidden):
    """More than the owner lets this role let go of; facts say the `limit` in minor units, and who may (`needed`)."""

    code = "waiver_above_limit"
    words = "That is more than your role may let go of; somebody who leads the business can."
    words_zh = "超出您的角色可免除的额度，请由负责人处理。"


class PointsOfferChanged(Conflict):
    """So many points do not buy that credit (any more); facts say what they buy (`points`, `minor`, `currency`), 0 is
    nothing."""

    code = "points_offer_changed"
    words = "Points buy something else by now. Please look again."
    words_zh = "积分可兑换的内容已变更，请重新查看。"


class DepositNotDue(Conflict):
    """No deposit of this visit is waited for: it is paid, was let off, or its slot is gone; facts say which (`why`)."""

    code = "deposit_not_due"
    words = "No deposit is waited for here any more: it was paid, let off, or the time was given up."
    words_zh = "这个预约不再等待定金：已付清、已免除，或时间已释放。"


class DepositNotLost(Conflict):
    """There is no deposit of this visit that is asked or lost, so none can be let off."""

    code = "deposit_not_lost"
    words = "There is no deposit here that could be let off."
    words_zh = "这里没有可免除的定金。"
