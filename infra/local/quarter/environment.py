"""What the functions are told of their deployment, which stands in memory; said before anything of Kept is imported."""

import os
import sys

from infra.local.place import ROOT

QUEUES = {
    "TOUCHPOINTS_QUEUE": "reminder_worker",
    "ATTENDANCE_QUEUE": "attendance_worker",
    "FOLLOW_UPS_QUEUE": "follow_up_worker",
    "MESSAGES_QUEUE": "message_sender",
    "DUE_QUEUE": "due_worker",
    "INBOUND_QUEUE": "inbound_message",
}
"""The function that works on each, by the setting that names the queue."""

SETTINGS = {name: f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}" for name in QUEUES} | {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "TABLE_PREFIX": "kept",
    "PUBLIC_URL": "https://kept.example",
    "LINK_KEYS_SECRET": "link-keys",
    "SENDER_EMAIL": "desk@kept.example",
    "EMAIL_EVENTS": "kept-email",
    "SMS_ORIGINATION": "+12025550100",
    "SMS_EVENTS": "kept-sms",
    "SMS_MAX_PRICE": "0.50",
    "WHATSAPP_NUMBER": "none",
    "SENDING_RATES": "email=1000",
    "GATEWAYS": "/kept/kept/gateways",
    "FRONT_BUSINESS": "bower",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
    "POWERTOOLS_METRICS_DISABLED": "true",
}


def prepare() -> None:
    """What is set already stays: tests have their own."""
    sys.path[:0] = [path for path in (str(ROOT / "functions"), str(ROOT / "layers" / "kept")) if path not in sys.path]
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
