"""Telephone numbers and e-mail addresses as they are stored: one spelling each."""

from kept.errors import InvalidEmail, InvalidPhone


def normal_phone(text: str, country: str) -> str:
    """E.164; a number without a country code is read as one of that country (US or US-NY). Raises InvalidPhone."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country.partition("-")[0])
    except phonenumbers.NumberParseException:
        raise InvalidPhone from None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise InvalidPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str:
    """Lower case, internationalised domains decoded; no look-up is made. Raises InvalidEmail."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise InvalidEmail from None
