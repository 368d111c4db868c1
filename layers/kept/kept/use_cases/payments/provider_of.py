"""Who carries the payments of a business: its own account with Stripe, which its deployer wrote beside its others."""

from kept.payments.refusals import NotPaidOnline
from kept.use_cases.outside.accounts import accounts
from kept.use_cases.payments.stripe_provider import StripeAccount, StripePayments


def account_of(business: str) -> StripeAccount:
    """Raises NotPaidOnline where it has none."""
    if not (found := accounts(business).get("stripe")):
        raise NotPaidOnline(later=False)
    return StripeAccount(**found)


def provider_of(business: str) -> StripePayments:
    """Raises NotPaidOnline."""
    return StripePayments(account_of(business))
