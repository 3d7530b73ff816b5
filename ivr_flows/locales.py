"""What CLDR (babel) knows of a language: its locale and its plural forms. Pure."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


def locale_of(language: str) -> Locale:
    """CLDR's locale of a tag such as fr, fr-plain or ar; English for what CLDR does not know."""
    return _locale(language.partition("-")[0])


@cache
def _locale(code: str) -> Locale:
    try:
        return Locale(code)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def plural_form(language: str, number: float) -> str:
    """CLDR's form of this number: one, two, few, many, other, zero."""
    return str(locale_of(language).plural_form(number))
