"""A number is one subscriber, however it is typed, arrives or was written in an older plan; what it is of decides what
is promised to it. The tables hold what people, spreadsheets and gateways write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.channels import Channel
from kept.clients.contact import NumberKind, forms, kind, normal_phone, reaches
from kept.clients.refusals import AmbiguousPhone, InvalidPhone, PremiumPhone
from kept.clients.renumbered import CHANGES

ANY = ""
"""The country of a number that came in."""


@pytest.mark.parametrize(
    ("written", "country", "stored"),
    [
        pytest.param("8613912345678", "US", "+8613912345678", id="a gateway's, at a business abroad"),
        pytest.param("8613912345678", "CN", "+8613912345678", id="a gateway's, at home"),
        pytest.param("8613912345678", ANY, "+8613912345678", id="a gateway's, of nowhere"),
        pytest.param("whatsapp:+5511987654321", ANY, "+5511987654321", id="a scheme of Twilio's"),
        pytest.param("+86 139 1234 5678", "CN", "+8613912345678", id="with spaces"),
        pytest.param("008613912345678", "CN", "+8613912345678", id="dialled out of China"),
        pytest.param("0086 139 1234 5678", "US", "+8613912345678", id="dialled out as in China, in the US"),
        pytest.param("011 86 139 1234 5678", "US", "+8613912345678", id="dialled out of the US"),
        pytest.param("011 44 7912 345678", "CN", "+447912345678", id="dialled out as in the US, in China"),
        pytest.param("+0086 139 1234 5678", "US", "+8613912345678", id="a plus too many"),
        pytest.param("++86 139 1234 5678", "US", "+8613912345678", id="two pluses"),
        pytest.param("+011 44 7912 345678", "US", "+447912345678", id="a plus before the way out"),
        pytest.param(
            "tel:+1-212-555-0123;ext=55", "US", "+12125550123", id="an address of a link, its extension left out"
        ),
        pytest.param("tel:212-555-0123;phone-context=+1", "CN", "+12125550123", id="a local address of a link"),
        pytest.param("TEL:+86-139-1234-5678", ANY, "+8613912345678", id="an address in capitals"),
        pytest.param("手机：138 0013 8000", "CN", "+8613800138000", id="with a word before it"),
        pytest.param("１３８－００１３－８０００", "CN", "+8613800138000", id="full-width"),
        pytest.param("＋８６ １３９１２３４５６７８", "US", "+8613912345678", id="full-width with a plus"),
        pytest.param("+86\u00a0139\u202f1234\u20095678", "US", "+8613912345678", id="spaces of printers"),
        pytest.param("+1.212.555.0123", "CN", "+12125550123", id="dots"),
        pytest.param("+1 [212] 555–0123", "CN", "+12125550123", id="square brackets and a long dash"),
        pytest.param("+1 212‑555−0123", "CN", "+12125550123", id="a dash that does not break, and a minus"),
        pytest.param("\u202a+86 139 1234 5678\u202c", "US", "+8613912345678", id="direction marks of a contact list"),
        pytest.param("+86 139\u200b1234\ufeff5678", "US", "+8613912345678", id="zero width"),
        pytest.param("139\u00ad1234\u00ad5678", "CN", "+8613912345678", id="soft hyphens"),
        pytest.param("'13800138000", "CN", "+8613800138000", id="a spreadsheet's apostrophe"),
        pytest.param("’+12125550123", "CN", "+12125550123", id="a curly apostrophe"),
        pytest.param('="07912345678"', "GB", "+447912345678", id="a spreadsheet's formula"),
        pytest.param("13800138000.0", "CN", "+8613800138000", id="a spreadsheet's sum"),
        pytest.param("(+86)13912345678", "US", "+8613912345678", id="a plus in brackets"),
        pytest.param("+1 (0) 212 555 0123", "GB", "+12125550123", id="a nought that the US does not have"),
        pytest.param("+44(0)7912345678", "US", "+447912345678", id="a nought that is not dialled from abroad"),
        pytest.param("+39 (0) 6 12345678", "US", "+390612345678", id="a nought that stays in Italy"),
        pytest.param("212 555 0123 ext. 5", "US", "+12125550123", id="an extension"),
        pytest.param("212-555-0123 x99", "US", "+12125550123", id="a short extension"),
        pytest.param("010-6279 8888 转 123", "CN", "+861062798888", id="a Chinese extension"),
        pytest.param("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567", id="Arabic digits"),
        pytest.param("+۹۸۹۱۲۳۴۵۶۷۸۹", "US", "+989123456789", id="Persian digits"),
        pytest.param("०९८७६५४३२१०", "IN", "+919876543210", id="Devanagari digits"),
        pytest.param("๐๘๑-๒๓๔-๕๖๗๘", "TH", "+66812345678", id="Thai digits"),
        pytest.param("06 12 34 56 78", "FR", "+33612345678", id="at home in France"),
        pytest.param("33612345678", "FR", "+33612345678", id="France without the plus"),
        pytest.param("030/1234567", "DE", "+49301234567", id="a stroke after the area"),
        pytest.param("090-1234-5678", "JP", "+819012345678", id="at home in Japan"),
        pytest.param("8 912 345-67-89", "RU", "+79123456789", id="Russia's eight"),
        pytest.param("0412 345 678", "AU", "+61412345678", id="at home in Australia"),
        pytest.param("9123 4567", "SG", "+6591234567", id="no trunk digit at all"),
        pytest.param("656 312 3456", "US", "+16563123456", id="plainly national, though Singapore's with a plus"),
        pytest.param("130 1234 5678", "CN", "+8613012345678", id="plainly national, though Maryland's with a plus"),
        pytest.param("044 55 1234 5678", "MX", "+525512345678", id="a Mexican mobile as it was dialled until 2019"),
        pytest.param("01 55 1234 5678", "MX", "+525512345678", id="a Mexican number as it was dialled until 2019"),
        pytest.param("0 11 15-2345-6789", "AR", "+5491123456789", id="an Argentine mobile at home"),
        pytest.param("11 8765-4321", "BR", "+5511987654321", id="a Brazilian mobile without its ninth digit"),
        pytest.param("97 12 34 56", "BJ", "+2290197123456", id="Benin before 2024"),
        pytest.param("07 12 34 56", "CI", "+2250707123456", id="Côte d'Ivoire before 2021"),
        pytest.param("0120 123 4567", "VN", "+84701234567", id="Viet Nam before 2018"),
        pytest.param("(212) 555-0123", "US-NY", "+12125550123", id="a country with its state"),
    ],
)
def test_however_it_is_written_it_is_stored_in_one_spelling(written: str, country: str, stored: str) -> None:
    """One client has one number on record, from a form, a spreadsheet, a gateway or an older plan."""
    assert normal_phone(written, country) == stored
    assert normal_phone(stored, country) == stored, "what is stored is read as itself, wherever"


@pytest.mark.parametrize(
    ("written", "country"),
    [
        pytest.param("13800138000, 13900139000", "CN", id="two, by a comma"),
        pytest.param("13800138000、13900139000", "CN", id="two, by a Chinese comma"),
        pytest.param("9123 4567; 9876 5432", "SG", id="two, by a semicolon"),
        pytest.param("0612345678 / 0698765432", "FR", id="two, by a stroke"),
        pytest.param("+4512345678\n+4587654321", "DK", id="two, by a line"),
        pytest.param("212 555 0123 | 212 555 0199", "US", id="two, by a bar"),
        pytest.param("212 555 0123 or 212 555 0199", "US", id="two, by a word"),
        pytest.param("+1+2125550123", "US", id="a plus inside"),
        pytest.param("1-800-FLOWERS", "US", id="letters for keys"),
        pytest.param("212 555 O123", "US", id="an O for a nought"),
        pytest.param("8.613912345678E+12", "CN", id="what a spreadsheet rounds to"),
        pytest.param("*67 212 555 0123", "US", id="a telephone's own code"),
        pytest.param("10086", "CN", id="a short code"),
        pytest.param("95588", ANY, id="a bank's short code"),
        pytest.param("110", "CN", id="the police"),
        pytest.param("AMAZON", ANY, id="a sender's name"),
        pytest.param("+86", "CN", id="a country alone"),
        pytest.param("0", "US", id="a nought"),
        pytest.param("-", "US", id="a dash"),
        pytest.param("n/a", "US", id="none"),
        pytest.param("\u200b", "US", id="nothing to be seen"),
        pytest.param("+" + "1" * 400, "US", id="endless"),
        pytest.param("138 0013 800", "CN", id="a digit short"),
        pytest.param("+1 555 123 4567", "US", id="an area of films"),
        pytest.param("2125550123 x", "US", id="an extension of nothing"),
        pytest.param("212 555 0123", ANY, id="without a country, of nowhere"),
    ],
)
def test_what_is_no_number_or_more_than_one_is_refused(written: str, country: str) -> None:
    """Nobody guesses between two numbers in one field, nor takes a short code or a word for a client's."""
    with pytest.raises(InvalidPhone):
        normal_phone(written, country)


@pytest.mark.parametrize(
    ("written", "country"),
    [
        pytest.param("8613912345678", "DE", id="a landline in Germany, a mobile in China"),
        pytest.param("4915112345678", "DE", id="a landline near Papenburg, a mobile by its country code"),
        pytest.param("12125550123", "CN", id="as long as a Chinese one, and New York's"),
        pytest.param("659 123 4567", "US", id="as long as an American one, and Singapore's"),
    ],
)
def test_a_number_that_may_be_of_two_countries_asks_for_the_country(written: str, country: str) -> None:
    """A wrong guess would text a stranger; with its country there is nothing to guess."""
    with pytest.raises(AmbiguousPhone):
        normal_phone(written, country)
    assert normal_phone(f"+{written}", country), "with its country it is taken"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        pytest.param("+551187654321", "+5511987654321", id="São Paulo's ninth digit"),
        pytest.param("+555384315555", "+5553984315555", id="Pelotas's, as WhatsApp still names it"),
        pytest.param("+5215512345678", "+525512345678", id="Mexico's 1"),
        pytest.param("+541123456789", "+5491123456789", id="Argentina without its 9"),
        pytest.param("+542914123456", "+5492914123456", id="Bahía Blanca without its 9"),
        pytest.param("+22997123456", "+2290197123456", id="Benin's 01"),
        pytest.param("+22501123456", "+2250101123456", id="Moov"),
        pytest.param("+22547123456", "+2250747123456", id="Orange by its second digit"),
        pytest.param("+22544123456", "+2250544123456", id="MTN by its second digit"),
        pytest.param("+22525212345", "+22525212345", id="an area that Côte d'Ivoire never had"),
        pytest.param("+22520012345", "+2252520012345", id="a landline of MTN"),
        pytest.param("+22520812345", "+2252120812345", id="a landline of Moov"),
        pytest.param("+22522412345", "+2252722412345", id="a landline of Abidjan"),
        pytest.param("+84912345678", "+84912345678", id="a number of Viet Nam that never changed"),
        pytest.param("+841681234567", "+84381234567", id="Viettel"),
        pytest.param("+841991234567", "+84591234567", id="Gmobile"),
        pytest.param("+23799123456", "+237699123456", id="Cameroon's 6"),
        pytest.param("+24107123456", "+24177123456", id="Gabon"),
        pytest.param("+5715551234", "+576015551234", id="a landline of Bogotá"),
        pytest.param("+972599123456", "+970599123456", id="Palestine by Israel's code"),
        pytest.param("+37744123456", "+38344123456", id="Kosovo by Monaco's code"),
        pytest.param("+38649123456", "+38349123456", id="Kosovo by Slovenia's code"),
    ],
)
def test_old_and_new_forms_of_one_number_are_one_subscriber(older: str, newer: str) -> None:
    """A client who writes from the older form of their number is not somebody else."""
    assert forms(older)[0] == forms(newer)[0] == newer
    assert {older, newer} <= set(forms(newer))


@pytest.mark.parametrize(
    "number",
    [
        "+551132345678",
        "+8613912345678",
        "+12125550123",
        "+972501234567",
        "+541",
        "o6zA-openid",
        "ann@river.example",
        "",
    ],
    ids=[
        "a Brazilian landline",
        "China",
        "the US",
        "an Israeli mobile",
        "no number",
        "WeChat",
        "an address",
        "nothing",
    ],
)
def test_what_has_one_form_alone_is_itself(number: str) -> None:
    """Also what is no telephone number, such as an address or WeChat's id."""
    assert forms(number) == (number,)


@given(change=st.sampled_from(CHANGES), data=st.data())
def test_every_form_leads_to_the_same_first_one(change: object, data: st.DataObject) -> None:
    """Whichever of them arrives first, the claim is the same."""
    assert isinstance(change, type(CHANGES[0]))
    number = data.draw(st.from_regex(rf"\+{change.code}{change.head}{change.old}{change.tail}", fullmatch=True))
    all_of_them = forms(number)
    assert number in all_of_them
    assert {forms(form) for form in all_of_them} == {all_of_them}


@pytest.mark.parametrize(
    ("number", "what", "texted", "on_whatsapp"),
    [
        pytest.param("+8613912345678", NumberKind.MOBILE, True, True, id="a Chinese mobile"),
        pytest.param("+12125550123", NumberKind.EITHER, True, True, id="the US does not tell"),
        pytest.param("+525512345678", NumberKind.EITHER, True, True, id="nor does Mexico"),
        pytest.param("+541123456789", NumberKind.EITHER, True, True, id="Argentina without the 9 may be either"),
        pytest.param("+862162798888", NumberKind.LANDLINE, False, True, id="a landline of Shanghai"),
        pytest.param("+442079460018", NumberKind.LANDLINE, False, True, id="a landline of London"),
        pytest.param("+551132345678", NumberKind.LANDLINE, False, True, id="a landline of São Paulo"),
        pytest.param("+815012345678", NumberKind.VOIP, False, True, id="the internet in Japan"),
        pytest.param("+18005551234", NumberKind.TOLL_FREE, False, False, id="toll free"),
        pytest.param("+80012345678", NumberKind.TOLL_FREE, False, False, id="toll free everywhere"),
        pytest.param("+864001234567", NumberKind.SHARED_COST, False, False, id="China's 400"),
        pytest.param("+443001234567", NumberKind.COMPANY, False, False, id="Britain's 0300"),
        pytest.param("+447012345678", NumberKind.PERSONAL, False, False, id="Britain's 070, dear and forwarded"),
        pytest.param("+15002345678", NumberKind.PERSONAL, False, False, id="500 in the US"),
        pytest.param("+447600123456", NumberKind.PAGER, False, False, id="a pager"),
        pytest.param("+881612345678", NumberKind.SATELLITE, False, False, id="Iridium"),
        pytest.param("+8821612345678", NumberKind.SATELLITE, False, False, id="Thuraya"),
        pytest.param("+870773123456", NumberKind.SATELLITE, False, False, id="Inmarsat"),
        pytest.param("+19005551234", NumberKind.PREMIUM, False, False, id="900 in the US"),
        pytest.param("+979123456789", NumberKind.PREMIUM, False, False, id="premium everywhere"),
        pytest.param("+15551234567", NumberKind.UNKNOWN, False, False, id="nobody's"),
        pytest.param("not a number", NumberKind.UNKNOWN, False, False, id="none"),
    ],
)
def test_what_a_number_is_of_decides_what_is_promised_to_it(
    number: str, what: NumberKind, texted: bool, on_whatsapp: bool
) -> None:
    """A landline gets no text but may have WhatsApp; a dear, toll-free or unknown number gets neither."""
    assert kind(number) is what
    assert (reaches(Channel.SMS, number), reaches(Channel.WHATSAPP, number)) == (texted, on_whatsapp)
    assert reaches(Channel.CALL, number) is reaches(Channel.WEBHOOK, number) is True


@pytest.mark.parametrize(
    ("written", "country"),
    [
        pytest.param("900 555 1234", "US", id="900"),
        pytest.param("+44 909 879 0000", "US", id="Britain's 09"),
        pytest.param("0843 123 4567", "GB", id="Britain's 084"),
        pytest.param("+33 899 12 34 56", "FR", id="France's 089"),
        pytest.param("0900 1234567", "DE", id="Germany's 0900"),
        pytest.param("0990 123456", "JP", id="Japan's 0990"),
        pytest.param("803 123 456", "ES", id="Spain's 803"),
        pytest.param("168 12345", "CN", id="China's 168"),
        pytest.param("+979 123456789", "CN", id="the world's"),
        pytest.param("1900 123 456", "AU", id="Australia's 1900"),
    ],
)
def test_a_number_that_costs_whoever_calls_it_is_refused(written: str, country: str) -> None:
    """Staff who call the client back would pay for it."""
    with pytest.raises(PremiumPhone):
        normal_phone(written, country)


@given(st.text(max_size=60), st.sampled_from(["US", "CN", "DE", "BR", "", "XX"]))
def test_whatever_is_typed_is_a_number_or_refused(written: str, country: str) -> None:
    try:
        stored = normal_phone(written, country)
    except InvalidPhone:
        return
    assert stored.startswith("+")
    assert stored[1:].isdecimal()
    assert normal_phone(stored, country) == stored
