"""Whether an account to take cards with is entered for the business, and where it is by whoever runs the deployment."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api import identity
from kept.api.base import Answer
from kept.settings import setting
from kept.use_cases.outside import accounts

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class PaymentAccountAnswer(Answer):
    """Nothing of the account itself: whether it is `entered`, as which `parameter`, and the address that Stripe calls
    (`webhook`)."""

    entered: bool
    parameter: str
    webhook: str


@router.get("/v1/desk/business/payment-account")
def payment_account() -> PaymentAccountAnswer:
    """As it is now, for somebody may just have entered it."""
    business = identity.leading(router.current_event)
    accounts.forget()
    return PaymentAccountAnswer(
        entered=accounts.takes_cards(business),
        parameter=f"{setting('GATEWAYS')}/{business}",
        webhook=f"{setting('PUBLIC_URL').rstrip('/')}/v1/inbound/stripe/{business}",
    )
