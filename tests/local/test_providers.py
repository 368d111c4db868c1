"""The providers as the product's own clients reach them, and their events as the stack's SNS brings them."""

import json
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from infra.local import seed
from infra.local.place import REGION, STACK_NAME
from tests.local.requests_to_providers import a_template, some_words
from tests.local.stack import Stack
from tests.local.test_console import get, post

pytestmark = pytest.mark.stack

NUMBER = "+12065550100"
Hear = Callable[[], list[Any]]


@pytest.fixture(autouse=True)
def well(stack: Stack) -> Iterator[None]:
    """Nothing is wrong with any provider, before and after."""
    channels = dict.fromkeys(("email", "sms", "whatsapp", "wechat", "webhook"))
    post(stack, "/console/api/providers", channels)
    yield
    post(stack, "/console/api/providers", channels)


@pytest.fixture(scope="session")
def heard(stack: Stack) -> Iterator[Hear]:
    """What the topic of the providers brings, through a queue of these tests; each event once."""
    sns, sqs = stack.client("sns"), stack.client("sqs")
    topic = sns.create_topic(Name=f"{STACK_NAME}-inbound")["TopicArn"]
    queue = sqs.create_queue(QueueName="heard-by-a-test")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscribed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})

    def hear() -> list[Any]:
        stack.console.settle()
        found = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    yield hear
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])


@pytest.fixture(scope="session")
def configuration_set(stack: Stack, heard: object) -> str:  # noqa: ARG001 - the topic has to be there
    """Of SES, telling the topic of deliveries and bounces."""
    ses, sns = stack.client("sesv2"), stack.client("sns")
    topic = sns.create_topic(Name=f"{STACK_NAME}-inbound")["TopicArn"]
    name = f"test-{uuid4().hex[:8]}"
    ses.create_configuration_set(ConfigurationSetName=name)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=name,
        EventDestinationName="test",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["DELIVERY", "BOUNCE"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    return name


def provider(stack: Stack, service: str) -> Any:
    """Its client as the product has it: it does not try again by itself."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=f"{stack.base_url}/console/providers",
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


def text(stack: Stack, to: str = "+8613912345678", **changed: str) -> str:
    """Its id. It carries nothing of a business, so that the product takes no notice of its events."""
    usual = {"DestinationPhoneNumber": to, "OriginationIdentity": NUMBER, "MessageBody": "明天见"}
    sms = provider(stack, "pinpoint-sms-voice-v2")
    return str(sms.send_text_message(**usual | {"ConfigurationSetName": "kept"} | changed)["MessageId"])


def mail(stack: Stack, to: str, configuration_set: str, **changed: Any) -> str:
    content = {"Subject": {"Data": "See you"}, "Body": {"Text": {"Data": "On Friday"}}}
    usual = {"FromEmailAddress": "desk@kept.example", "Destination": {"ToAddresses": [to]}}
    more = {"Content": {"Simple": content}, "ConfigurationSetName": configuration_set}
    return str(provider(stack, "sesv2").send_email(**usual | more | changed)["MessageId"])


def whatsapp(stack: Stack, message: Mapping[str, Any]) -> str:
    sent = provider(stack, "socialmessaging").send_whatsapp_message(
        originationPhoneNumberId="phone-number-id-976c72a700aac43eaf573ae050example",
        message=json.dumps(message).encode(),
        metaApiVersion="v23.0",
    )
    return str(sent["messageId"])


def of_whatsapp(event: Mapping[str, Any]) -> Any:
    return json.loads(event["whatsAppWebhookEntry"])["changes"][0]["value"]


def set_faults(stack: Stack, **faults: object) -> None:
    status, said = post(stack, "/console/api/providers", faults)
    assert status == 200, said


def test_a_text_message_is_told_of_by_its_id(stack: Stack, heard: Hear) -> None:
    """The receipt names the id that the sender was given."""
    sent = text(stack)
    (event,) = [event for event in heard() if event.get("messageId") == sent]
    assert (event["eventType"], event["isFinal"]) == ("TEXT_DELIVERED", True)


def test_mail_is_told_of_as_its_configuration_set_asks(stack: Stack, heard: Hear, configuration_set: str) -> None:
    """Each mail by its own id, arrived or bounced."""
    set_faults(stack, email={"addresses": {"gone@example.com": "bounce"}})
    kept, lost = (mail(stack, to, configuration_set) for to in ("here@example.com", "gone@example.com"))
    told = {event["mail"]["messageId"]: event["eventType"] for event in heard() if "mail" in event}
    assert (told[kept], told[lost]) == ("Delivery", "Bounce")


def test_mail_in_a_configuration_set_that_is_not_there_is_refused(stack: Stack) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        mail(stack, "ann@example.com", "no-such-set")


def test_a_reader_answers_a_text_message(stack: Stack, heard: Hear) -> None:
    sent = text(stack, to="+12125550177")
    assert post(stack, "/console/api/reply", {"to": sent, "text": "1"})[0] == 200
    (event,) = [event for event in heard() if "messageBody" in event]
    assert (event["originationNumber"], event["destinationNumber"]) == ("+12125550177", NUMBER)
    assert (event["messageBody"], event["previousPublishedMessageId"]) == ("1", sent)


def test_whatsapp_takes_free_words_only_after_the_reader_wrote(stack: Stack, heard: Hear) -> None:
    template, words = (made(to="+12125550166", biz_opaque_callback_data=None) for made in (a_template, some_words))
    sent = whatsapp(stack, template)
    whatsapp(stack, words)
    statuses = [status for event in heard() for status in of_whatsapp(event)["statuses"]]
    assert [status["status"] for status in statuses] == ["sent", "delivered", "failed"]
    assert statuses[-1]["errors"][0]["code"] == 131047
    post(stack, "/console/api/reply", {"to": sent, "text": "1"})
    whatsapp(stack, words)
    reply, *arrived = [of_whatsapp(event) for event in heard()]
    assert reply["messages"][0]["button"]["payload"] == "1"
    assert [value["statuses"][0]["status"] for value in arrived] == ["sent", "delivered"]


def test_an_error_of_whatsapp_is_one_its_client_knows(stack: Stack) -> None:
    social = provider(stack, "socialmessaging")
    with pytest.raises(social.exceptions.InvalidParametersException):
        whatsapp(stack, {"messaging_product": "whatsapp"})


def test_an_error_of_sms_says_its_reason_and_fields(stack: Stack) -> None:
    with pytest.raises(ClientError) as refused:
        text(stack, MaxPrice="0.01")
    assert refused.value.response["Reason"] == "PRICE_OVER_THRESHOLD"  # type: ignore[typeddict-item]


def test_a_provider_that_breaks_the_connection_leaves_it_open_what_became_of_it(stack: Stack) -> None:
    set_faults(stack, sms={"silent": 0, "times": 1})
    with pytest.raises(ConnectionClosedError):
        text(stack, to="+12125550155")
    assert len(stack.console.messages(to="+12125550155")) == 1
    text(stack, to="+12125550155")


def test_a_throttled_client_is_told_so(stack: Stack) -> None:
    """By the exception of AWS's own client, which the product catches by its class."""
    set_faults(stack, sms={"per_second": 0.01})
    text(stack)
    sms = provider(stack, "pinpoint-sms-voice-v2")
    with pytest.raises(sms.exceptions.ThrottlingException):
        text(stack)


def test_everything_is_told_twice_where_it_was_asked_for(stack: Stack, heard: Hear) -> None:
    set_faults(stack, sms={"receipts": "twice"})
    sent = text(stack)
    assert [event.get("messageId") for event in heard()].count(sent) == 2


def test_a_reader_s_answer_stands_under_the_message_and_can_be_given_without_a_script(stack: Stack) -> None:
    sent = text(stack, to="+12125550144")
    form = urlencode({"to": sent, "text": "好的，明天见", "back": "/console?to=%2B12125550144"}).encode()
    with urllib.request.urlopen(f"{stack.base_url}/console/reply", form) as page:
        shown = page.read().decode()
    assert "↩ 好的，明天见" in shown
    assert stack.console.messages(to="+12125550144")[0]["answers"] == ["好的，明天见"]


def test_faults_are_set_on_a_page_without_a_script(stack: Stack) -> None:
    form = urlencode({"channel": "sms", "down": "503", "receipts": "late", "back": "/console/providers"}).encode()
    with urllib.request.urlopen(f"{stack.base_url}/console/faults", form) as page:
        assert '<option value="503" selected>' in page.read().decode()
    state = json.loads(get(stack, "/console/api/providers")[2])
    assert (state["channels"]["sms"]["down"], state["channels"]["sms"]["receipts"]) == ("503", "late")


def test_a_change_that_makes_no_sense_is_refused(stack: Stack) -> None:
    assert post(stack, "/console/api/providers", {"sms": {"down": "sometimes"}})[0] == 400


@pytest.mark.parametrize(("channel", "reader"), [("wechat", "oLanting_reader-01"), ("webhook", "+8613912340000")])
def test_words_over_a_business_s_own_provider_are_signed_as_the_product_wants_them(
    channel: str, reader: str, stack: Stack
) -> None:
    before = json.loads(get(stack, "/console/api/providers")[2])["undelivered"]
    said = {"channel": channel, "from": reader, "at": seed.BUSINESSES[0].id, "text": "你好"}
    assert post(stack, "/console/api/reply", said)[0] == 200
    assert json.loads(get(stack, "/console/api/providers")[2])["undelivered"] == before
