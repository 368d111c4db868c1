"""Which numbers are sent text messages: mobiles of the countries that the business serves, and no others.

A text to a satellite telephone or a premium number costs dollars, one to a landline nothing but its price, and whoever
types numbers of far countries all day is paid for it there.
"""

from collections.abc import Iterable

from kept.business.catalog import Business
from kept.channels import Channel
from kept.clients.contact import reaches

NO_COUNTRY = "001"
"""Of satellites and networks that are nowhere."""


def texts(business: Business, number: str | None) -> bool:
    """Whether the business sends text messages to this number, if there is one."""
    return number is None or may_be_texted(number, business.country, business.text_countries)


def may_be_texted(number: str, country: str, served: Iterable[str]) -> bool:
    """An E.164 number, for a business in `country` (US, or US-NY) that names the countries it serves, none for its own.

    A number of which its country's plan does not tell whether it is a mobile (+1) may be one.
    """
    import phonenumbers

    if not reaches(Channel.SMS, number):
        return False
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    return region != NO_COUNTRY and region in (tuple(served) or (country.partition("-")[0],))
