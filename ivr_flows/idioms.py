"""The few words that CLDR has not: how each language says between, tomorrow, at 8.30. Pure data.

A language that is not here takes the English ones, and `guichet flow check` says so: add a row, and its test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

Clock = tuple[str, tuple[str, ...]]


class Idioms(Struct, frozen=True):
    """One language's. `clock_*`: a whole hour, then hour and minutes in two pieces, then as written."""

    yes: str
    no: str
    between: str
    and_: str
    at_most: str
    today: str
    tomorrow: str
    on: str  # before a weekday near by
    on_date: str  # before a weekday with its date
    at: str  # before a time
    clock_whole: str
    clock_hours: str  # the first piece of a time with minutes
    clock_minutes: str  # the second
    clock_text: str
    euro: Mapping[str, str]  # by plural form
    day_month: str = "d MMMM"
    hours_and: str = ""  # between hours and minutes of a duration
    first: str = ""  # the first of a month, where it has a word of its own

    def clock(self, hour: int, minute: int) -> Clock:
        """A time of day, as written and in pieces. `{s}` is a plural's; `{h12}` and `{ap}` are English."""
        named = {
            "h": hour,
            "s": "" if hour in (0, 1) else "s",
            "h12": hour % 12 or 12,
            "ap": "am" if hour < 12 else "pm",
            "m": minute,
            "mm": f"{minute:02}",
        }
        if not minute:
            whole = self.clock_whole.format_map(named)
            return whole, (whole,)
        pieces = (self.clock_hours.format_map(named), self.clock_minutes.format_map(named))
        return self.clock_text.format_map(named), pieces

    def first_of_month(self, day: dt.date, text: str) -> str:
        return text.replace("1 ", f"{self.first} ", 1) if day.day == 1 and self.first else text

    def euros(self, number: int, form: str) -> str:
        return self.euro.get(form, self.euro["other"]).format(n=number)


IDIOMS: Mapping[str, Idioms] = MappingProxyType(
    {
        "fr": Idioms(
            "oui", "non", "entre", "et", "moins de", "aujourd'hui", "demain", "", "le ", "à ",
            "{h} heure{s}", "{h} heure{s}", "{m}", "{h} heure{s} {mm}",
            {"one": "{n} euro", "other": "{n} euros"}, first="1er",
        ),
        "en": Idioms(
            "yes", "no", "between", "and", "less than", "today", "tomorrow", "on ", "on ", "at ",
            "{h12} {ap}", "{h12}", "{mm} {ap}", "{h12}:{mm} {ap}", {"one": "{n} euro", "other": "{n} euros"},
        ),
        "ar": Idioms(
            "نعم", "لا", "بين", "و", "أقل من", "اليوم", "غدا", "يوم ", "يوم ", "",
            "الساعة {h}", "الساعة {h}", "و {m} دقيقة", "الساعة {h}:{mm}",
            {"one": "يورو واحد", "other": "{n} يورو"}, hours_and="و",
        ),
        "es": Idioms(
            "sí", "no", "entre", "y", "menos de", "hoy", "mañana", "el ", "el ", "a las ",
            "{h} horas", "{h} horas", "{m}", "{h}:{mm}",
            {"one": "{n} euro", "other": "{n} euros"}, "d 'de' MMMM",
        ),
        "pt": Idioms(
            "sim", "não", "entre", "e", "menos de", "hoje", "amanhã", "na ", "na ", "às ",
            "{h} horas", "{h} horas", "{m}", "{h}:{mm}",
            {"one": "{n} euro", "other": "{n} euros"}, "d 'de' MMMM",
        ),
    }
)  # fmt: skip


def idioms_of(language: str) -> Idioms:
    return IDIOMS.get(language.partition("-")[0], IDIOMS["en"])
