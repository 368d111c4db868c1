"""Telephone numbers as people write them: at home without the country, abroad with it."""

from functools import lru_cache


@lru_cache(maxsize=512)
def as_written(number: str, country: str) -> str:
    """(212) 555-0123 in its own country, +1 212-555-0123 anywhere else ("" for no country); itself for what is none.

    The numbers of a plan that several countries share are at home in each of them.
    """
    if not number.startswith("+"):
        return number
    import phonenumbers

    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    here = country.partition("-")[0].upper()
    at_home = phonenumbers.country_code_for_region(here) == read.country_code if here else False
    form = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(read, form.NATIONAL if at_home else form.INTERNATIONAL))
