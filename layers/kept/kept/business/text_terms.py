"""What a business has arranged for its text messages, and its WeChat, where a country asks for more than a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextTerms:
    """`signature` is the name registered with carriers, without its 【】; none is the business's own name.

    `promoted_in`: countries where advertisements are sent as text messages though the country's row has them off.
    `wechat_name` is the account as people find it; none is the business's own name.
    """

    signature: str = ""
    promoted_in: tuple[str, ...] = ()
    wechat_name: str = ""
