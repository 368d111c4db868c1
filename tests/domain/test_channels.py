"""E-mail and text messages as the providers are given them, and what their refusals mean."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from kept.messaging.channels import Carrier, InDoubt, Parcel, Rejected, Suppressed, Unavailable
from kept.messaging.channels.email import Email
from kept.messaging.channels.sms import Sms
from kept.messaging.ical import Invitation, Method
from kept.messaging.texts import Rendered

RENDERED = Rendered("zh-Hans", "预约成功：3月14日周六 14:00 剪发", "王芳，您好！\n", "<p>王芳，您好！</p>")
FILE = Invitation(Method.REQUEST, "BEGIN:VCALENDAR\r\nSUMMARY:剪发\r\nEND:VCALENDAR\r\n".encode())
MAIL = Parcel("wang@example.com", RENDERED, sender='花样 "年华", Ltd.', reply_to="desk@lotus.example", invitation=FILE)
TEXT = Parcel("+8613812345678", Rendered("zh-Hans", "", "【花样年华】王芳您好"), sender="花样年华")


class Provider:
    """Takes everything and remembers it, or fails as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.taken: list[dict[str, Any]] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        if self.failure:
            raise self.failure
        self.taken.append(request)
        return {"MessageId": "p-1"}

    send_text_message = send_email


def email(provider: Provider) -> Carrier:
    return Email(cast(Any, provider), sender="desk@kept.example")


def sms(provider: Provider) -> Carrier:
    return Sms(cast(Any, provider), origination="Kept")


def mailed(parcel: Parcel = MAIL) -> EmailMessage:
    provider = Provider()
    email(provider).send(parcel)
    raw = provider.taken[0]["Content"]["Raw"]["Data"]
    return message_from_bytes(raw, policy=policy.default)


def test_an_email_comes_from_the_business_and_is_answered_to_it() -> None:
    mail = mailed()
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ('花样 "年华", Ltd.', "desk@kept.example")
    assert (mail["To"], mail["Reply-To"]) == ("wang@example.com", "desk@lotus.example")
    assert mail["Subject"] == RENDERED.subject
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "zh-Hans")


def test_an_email_has_text_html_and_the_calendar_file_twice() -> None:
    """As a part that calendars act on, and as a file for who has none of those."""
    parts = [part for part in mailed().walk() if not part.is_multipart()]
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert parts[0].get_content().splitlines() == RENDERED.text.splitlines()
    assert parts[1].get_content().strip() == RENDERED.html
    assert parts[2]["Content-Type"].params["method"] == "REQUEST"
    assert "SUMMARY:剪发" in parts[2].get_content()
    assert (parts[3].get_filename(), parts[3].get_content()) == ("appointment.ics", FILE.content)


def test_an_email_without_a_calendar_file_is_text_and_html() -> None:
    mail = mailed(Parcel("wang@example.com", RENDERED, sender="Lotus"))
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Reply-To"] is None


def test_an_international_domain_is_written_in_the_form_that_travels() -> None:
    assert mailed(Parcel("wang@例子.example", RENDERED, sender="Lotus"))["To"] == "wang@xn--fsqu00a.example"


def test_a_business_s_name_adds_no_header() -> None:
    mail = mailed(Parcel("wang@example.com", RENDERED, sender="Lotus\r\nBcc: all@example.com"))
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].display_name == "Lotus Bcc: all@example.com"


@pytest.mark.parametrize("address", ["王@example.com", "wang@" + "x" * 64 + ".com"])
def test_an_address_that_cannot_travel_is_rejected_before_it_is_tried(address: str) -> None:
    provider = Provider()
    with pytest.raises(Rejected):
        email(provider).send(Parcel(address, RENDERED, sender="Lotus"))
    assert provider.taken == []


def test_a_text_message_is_sent_as_one_about_a_booking() -> None:
    provider = Provider()
    assert sms(provider).send(TEXT) == "p-1"
    assert provider.taken == [
        {
            "DestinationPhoneNumber": "+8613812345678",
            "OriginationIdentity": "Kept",
            "MessageBody": "【花样年华】王芳您好",
            "MessageType": "TRANSACTIONAL",
        }
    ]


def refusal(code: str, reason: str = "") -> ClientError:
    return ClientError(cast(Any, {"Error": {"Code": code, "Message": "in any words"}, "Reason": reason}), "Send")


NO_ANSWER = ReadTimeoutError(endpoint_url="https://email.example")
NO_WAY = EndpointConnectionError(endpoint_url="https://email.example")
NO_START = ConnectTimeoutError(endpoint_url="https://email.example")


@pytest.mark.parametrize(
    ("failure", "means"),
    [
        pytest.param(refusal("MessageRejected"), Rejected, id="refused"),
        pytest.param(refusal("BadRequestException"), Rejected, id="a wrong address"),
        pytest.param(refusal("TooManyRequestsException"), Unavailable, id="too many"),
        pytest.param(refusal("SendingPausedException"), Unavailable, id="sending is paused"),
        pytest.param(refusal("InternalServiceError"), Unavailable, id="their fault"),
        pytest.param(NO_WAY, Unavailable, id="no connection"),
        pytest.param(NO_START, Unavailable, id="no connection in time"),
        pytest.param(NO_ANSWER, InDoubt, id="no answer in time"),
    ],
)
def test_what_an_email_s_failure_means(failure: Exception, means: type[Exception]) -> None:
    with pytest.raises((Rejected, Unavailable, InDoubt)) as raised:
        email(Provider(failure)).send(MAIL)
    assert raised.type is means


@pytest.mark.parametrize(
    ("failure", "means"),
    [
        pytest.param(refusal("ValidationException", "INVALID_PARAMETER"), Rejected, id="a wrong number"),
        pytest.param(refusal("ValidationException", "DESTINATION_COUNTRY_BLOCKED"), Rejected, id="a blocked country"),
        pytest.param(refusal("ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"), Rejected, id="a sandbox"),
        pytest.param(refusal("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"), Suppressed, id="opted out"),
        pytest.param(refusal("ConflictException", "RESOURCE_NOT_ACTIVE"), Unavailable, id="number not active yet"),
        pytest.param(refusal("ThrottlingException"), Unavailable, id="too many"),
        pytest.param(
            refusal("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"), Unavailable, id="spent"
        ),
        pytest.param(refusal("InternalServerException"), Unavailable, id="their fault"),
        pytest.param(NO_ANSWER, InDoubt, id="no answer in time"),
    ],
)
def test_what_a_text_message_s_failure_means(failure: Exception, means: type[Exception]) -> None:
    with pytest.raises((Rejected, Unavailable, InDoubt)) as raised:
        sms(Provider(failure)).send(TEXT)
    assert raised.type is means
