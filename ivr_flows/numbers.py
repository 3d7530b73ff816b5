"""Values that are numbers, for reading and for hearing: a count, digits one by one, a sum of money. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_currency, format_decimal

from ivr_flows.idioms import Idioms
from ivr_flows.locales import locale_of, plural_form

Value = None | bool | int | float | str | Mapping[str, Any]
Said = str | tuple[str, tuple[str, ...]]  # plain text, or a value: as written, and in pieces


def number_of(value: Value) -> float:
    try:
        return 0.0 if isinstance(value, Mapping) else float(value or 0)
    except ValueError:
        return 0.0


def number(value: Value, language: str, words: Idioms) -> Said:
    number, locale = number_of(value), locale_of(language)
    plain = format_decimal(number, locale=locale, group_separator=False)  # a voice would halve 1 234
    return (format_decimal(number, locale=locale), (plain,))


def digits(value: Value, language: str, words: Idioms) -> Said:
    """One digit after the other, in the groups that a blank makes: 06 12 34 56 78."""
    text = str(value)
    return (text, tuple(sign for sign in text if not sign.isspace()))


def money(value: Value, language: str, words: Idioms) -> Said:
    """Euros from cents: 31245 is 312,45 €."""
    cents, locale = round(number_of(value)), locale_of(language)
    euros, rest = divmod(abs(cents), 100)
    text = format_currency(cents / 100, "EUR", locale=locale)
    pieces = (words.euros(euros, plural_form(language, euros)),)
    return (text, (*pieces, *((str(rest),) if rest else ())))
