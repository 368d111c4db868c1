"""`make code STACK=kept`: a code for one new business, signed with the key that the deployment keeps.

Whoever may read that secret may begin businesses; nobody else can.
"""

import sys
from datetime import UTC, datetime
from typing import Any

import boto3

from kept.client_links.links import LinkKeys
from kept.client_links.start_codes import LASTS, put_out

KEYS = "LinkKeys"
"""The secret, as template.yaml calls it."""


def code(cloudformation: Any, secrets: Any, stack: str, *, now: datetime) -> str:
    found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=KEYS)
    secret = found["StackResourceDetail"]["PhysicalResourceId"]
    return put_out(LinkKeys.parse(secrets.get_secret_value(SecretId=secret)["SecretString"]), now=now)


def main(stack: str) -> None:
    made = code(boto3.client("cloudformation"), boto3.client("secretsmanager"), stack, now=datetime.now(UTC))
    print(f"{made}\nIt begins one business at the output StartUrl, within {LASTS.days} days.")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
