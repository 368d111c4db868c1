"""What a business, its services, people and rooms are called in another language, where it says so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from kept.business.catalog import Business, Catalog, NoLongerOffered, Resource, Service, StaffMember
from kept.errors import InvalidSetting
from kept.language_tags import LANGUAGES, meant, spoken

T = TypeVar("T", Business, Service, StaffMember, Resource)


def names(told: Mapping[str, str], field: str = "names") -> dict[str, str]:
    """By our own tags, however they were spelt. Raises InvalidSetting for a language without texts, or named twice."""
    known: dict[str, str] = {}
    for tag, name in told.items():
        ours = spoken(tag)
        if ours is None:
            raise InvalidSetting(field=field, reason=f"There are texts in {', '.join(LANGUAGES)}.")
        if ours in known:
            raise InvalidSetting(field=field, reason=f"There are two for {ours}.")
        known[ours] = name
    return known


def in_language(catalog: Catalog, locale: str) -> Catalog:
    """The same with everything called as a reader of that language calls it; its own name where there is no other."""
    language, gone = meant(locale), catalog.gone
    return replace(
        catalog,
        business=_in_words(_called(catalog.business, language), language),
        services={id: _under(_called(it, language), language) for id, it in catalog.services.items()},
        staff={id: _called(it, language) for id, it in catalog.staff.items()},
        rooms={id: _called(it, language) for id, it in catalog.rooms.items()},
        gone=NoLongerOffered(
            {id: _called(it, language) for id, it in gone.services.items()},
            {id: _called(it, language) for id, it in gone.staff.items()},
            {id: _called(it, language) for id, it in gone.rooms.items()},
        ),
    )


def _in_words(it: Business, language: str) -> Business:
    return replace(
        it,
        policy_text=it.policy_texts.get(language) or it.policy_text,
        deposit_text=it.deposit_texts.get(language) or it.deposit_text,
    )


def _under(it: Service, language: str) -> Service:
    category = it.category_names.get(language, it.category)
    return replace(
        it,
        category=category,
        questions=tuple(one.in_language(language) for one in it.questions),
        visit_stages=tuple(one.in_language(language) for one in it.visit_stages),
    )


def _called(it: T, language: str) -> T:
    return replace(it, name=it.names[language]) if language in it.names else it
