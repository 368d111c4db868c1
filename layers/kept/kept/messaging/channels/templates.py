"""Texts that a provider approved beforehand: a business names the template, and what each of its variables holds.

Written as `NAME variable=value ...`: `kept_two_days client=client visit=when`; values are those of `Rendered.named`.
"""

from kept.messaging.channels import Parcel, Rejected
from kept.reasons import Code, because
from kept.visible import one_line

NOTHING = "–"
"""Stands for what is not known of this visit: providers refuse an empty variable."""


def filled(parcel: Parcel) -> tuple[str, dict[str, str]]:
    """The template's name and its variables, each on one line. Raises Rejected where there is none to send."""
    name, *variables = parcel.template.split() or [""]
    if not name:
        raise Rejected(because(Code.NO_TEMPLATE))
    return name, dict(_filled(variable, parcel) for variable in variables)


def _filled(variable: str, parcel: Parcel) -> tuple[str, str]:
    key, _, value = variable.partition("=")
    if value not in parcel.rendered.named:
        raise Rejected(because(Code.TEMPLATE_ASKS, error=value or key))
    return key, one_line(parcel.rendered.named[value]) or NOTHING
