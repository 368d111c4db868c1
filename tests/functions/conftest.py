"""The cloud as functions see it, in memory and anew for each test. No races here: moto is not atomic under threads."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber

from tests.functions import moto_without_http

RESOLVED = {
    "till.lotus.example": ["93.184.215.14"],
    "hooks.lotus.example": ["93.184.215.14", "2606:2800:21f::1"],
    "calendar.mei.example": ["93.184.215.15"],
}
"""The names that there are, for tests that look at strangers' servers."""
QUEUES = (
    "TOUCHPOINTS_QUEUE",
    "ATTENDANCE_QUEUE",
    "FOLLOW_UPS_QUEUE",
    "MESSAGES_QUEUE",
    "DUE_QUEUE",
    "INBOUND_QUEUE",
)
SCHEMA: Any = [{"Name": name, "AttributeDataType": "String", "Mutable": True} for name in ("business", "staff")]
LINK_KEYS = {"current": "k1", "k1": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"}
GATEWAYS = {
    "lotus": {
        "wechat": {"app_id": "wx0123456789abcdef", "app_secret": "not-a-secret", "token": "lotus-token"},
        "webhook": {
            "url": "https://gateway.lotus.example/kept",
            "secret": "whsec_bm90LWEtc2VjcmV0LW5vdC1hLXNlY3JldA==",
        },
    }
}

# The models take their tables' names when they are imported, so all this stands before any of them is.
os.environ.update(
    {name: f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}" for name in QUEUES},
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_REGION="us-east-1",
    TABLE_PREFIX="kept",
    PUBLIC_URL="https://kept.example",
    LINK_KEYS_SECRET="link-keys",
    SENDER_EMAIL="desk@kept.example",
    EMAIL_EVENTS="kept-email",
    SMS_ORIGINATION="+12025550100",
    SMS_EVENTS="kept-sms",
    SMS_MAX_PRICE="0.50",
    WHATSAPP_NUMBER="phone-number-id-0123456789abcdef0123456789abcdef",
    SENDING_RATES="email=1000",
    GATEWAYS="/kept/kept/gateways",
    FRONT_BUSINESS="lotus",
    SIGN_IN_URL="https://kept.auth.us-east-1.amazoncognito.com",
    STAFF_CLIENT="5h2example",
    WEBHOOK_SENDER="kept-webhook_sender",
    CALENDAR_READER="kept-calendar_reader",
    PAYMENT_WORKER="kept-payment_worker",
    STAFF_POOL="",  # known once it is made
    POWERTOOLS_LOG_LEVEL="WARNING",
)
os.environ.pop("AWS_ENDPOINT_URL", None)


@pytest.fixture(scope="session")
def made() -> None:
    """Made once: tables and queues cost more to make than to empty."""
    from kept import settings
    from kept.runtime import aws
    from kept.storage import tables

    moto_without_http.begin()
    mock = mock_aws()
    mock.start()
    for model in tables.TABLES:
        model.create_table(billing_mode="PAY_PER_REQUEST")
    for name in QUEUES:
        aws("sqs").create_queue(QueueName=name)
    pool = aws("cognito-idp").create_user_pool(PoolName="staff", UsernameAttributes=["email"], Schema=SCHEMA)
    os.environ["STAFF_POOL"] = pool["UserPool"]["Id"]
    settings.setting.cache_clear()  # where it was made before, for tests of another folder
    for role in ("staff", "manager", "owner"):
        aws("cognito-idp").create_group(UserPoolId=os.environ["STAFF_POOL"], GroupName=role)
    mock.stop(remove_data=False)


@pytest.fixture(autouse=True)
def cloud(made: None) -> Iterator[None]:  # noqa: ARG001
    """Empty tables and queues, no senders, and the secrets as they were; between tests nothing is played."""
    from kept.runtime import aws
    from kept.storage import catalogs, follow_up_policies, webhooks
    from kept.use_cases.messaging import rate_limiter
    from kept.use_cases.outside import accounts, https_call
    from kept.use_cases.waiting import record

    botocore_stubber.enabled = True  # what a start does besides is for `requests`, and 1,288 addresses of it take 2 ms
    reset_model_data()  # moto remembers every item it ever made, two gigabytes by the end
    for table in _backend("dynamodb").tables.values():
        table.items.clear()
    for queue in _backend("sqs").queues.values():
        queue._messages, queue._pending_messages = [], set()
    for pool in _backend("cognito-idp").user_pools.values():
        pool.users.clear()
        for group in pool.groups.values():
            group.users.clear()
    for service in ("ses", "sesv2", "secretsmanager", "ssm"):
        _backend(service).reset()
    aws("secretsmanager").create_secret(Name="link-keys", SecretString=json.dumps(LINK_KEYS))
    for business, account in GATEWAYS.items():
        name = f"{os.environ['GATEWAYS']}/{business}"
        aws("ssm").put_parameter(Name=name, Type="SecureString", Value=json.dumps(account))
    accounts.forget()
    catalogs.forget()
    follow_up_policies.forget()
    rate_limiter.forget()
    webhooks.forget()
    record.forget()
    https_call.resolved = lambda host, port: RESOLVED.get(host, [])  # noqa: ARG005
    yield
    botocore_stubber.enabled = False


def _backend(service: str) -> Any:
    """What moto keeps of it, in the one account and region of these tests."""
    return get_backend(service)[DEFAULT_ACCOUNT_ID]["us-east-1"]  # type: ignore[call-overload]


@pytest.fixture
def queued() -> Callable[[str], list[dict[str, Any]]]:
    """Takes what waits in the queue of this name (MESSAGES_QUEUE) out of it."""
    from kept.runtime import aws

    def take(name: str) -> list[dict[str, Any]]:
        sqs, url = aws("sqs"), os.environ[name]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [key for message in messages for key in _keys(json.loads(message["Body"]))]

    return take


def _keys(body: Any) -> list[dict[str, Any]]:
    """A record holds one key, several, or something else."""
    return body if isinstance(body, list) else [body]
