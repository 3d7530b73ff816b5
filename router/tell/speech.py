"""How numbers, times and lists are said in English and in French, with each language's own typography.

French puts a no-break space before a colon, a narrow one before other high signs and in thousands, and writes
’ for an apostrophe. It never knows what is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, get_args

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

SECOND = 1_000_000
_NARROW, _NBSP = "\u202f", "\u00a0"
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def of(words: tuple[str, str], language: Language) -> str:
    """The word of a pair (English, French)."""
    return words[LANGUAGES.index(language)]


def say(language: Language, english: str, french: str) -> str:
    """The sentence in this language."""
    return of((english, french), language)


def number(value: int, language: Language) -> str:
    """With its thousands parted and a true minus."""
    return f"{value:,}".replace(",", _NARROW if language == "fr" else ",").replace("-", "−")


def signed(value: int, language: Language) -> str:
    """A number that counts for or against."""
    return f"{'+' if value > 0 else ''}{number(value, language)}"


def lasting(microseconds: int, language: Language, *, exact: bool = False) -> str:
    """A duration to the second, in at most two units: 1 min 20 s, 2 h 05 min; `exact`: in all it takes."""
    seconds = max(0, microseconds) // SECOND
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if exact:
        parts = [f"{days} {of(('d', 'j'), language)}" if days else "", f"{hours} h" if hours else ""]
        parts += [
            f"{minutes} min" if minutes else "",
            f"{seconds % 60} s" if seconds % 60 or not seconds else "",
        ]
    elif days:
        parts = [f"{days} {of(('d', 'j'), language)}", f"{hours} h" if hours else ""]
    elif hours:
        parts = [f"{hours} h", f"{minutes:02} min" if minutes else ""]
    elif minutes:
        parts = [f"{minutes} min", f"{seconds % 60:02} s" if seconds % 60 else ""]
    else:
        parts = [f"{seconds} s"]
    return _NBSP.join(part.replace(" ", _NBSP) for part in parts if part)


def instant(microseconds: int, language: Language) -> str:
    """A date and a time of day, universal time."""
    when = datetime.fromtimestamp(microseconds / SECOND, UTC)
    month = _MONTHS[language].split()[when.month - 1]
    day = "1er" if language == "fr" and when.day == 1 else str(when.day)
    if language == "fr":
        clock = f"{when.hour}{_NBSP}h{_NBSP}{when.minute:02}{_NBSP}min{_NBSP}{when.second:02}{_NBSP}s"
        return f"{day}{_NBSP}{month} {when.year} à {clock} (temps universel)"
    return f"{day}{_NBSP}{month} {when.year} at {when:%H:%M:%S} (universal time)"


def listed(parts: Sequence[str], language: Language) -> str:
    """One, two and three."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {of(('and', 'et'), language)} {parts[-1]}"


def counted(count: int, words: tuple[str, str, str, str], language: Language) -> str:
    """`words` are English for one and many, French for one and many; `{}` is the number."""
    one, many = words[:2] if language == "en" else words[2:]
    singular = count == 1 or (language == "fr" and count == 0)
    return (one if singular else many).format(number(count, language))


def spaced(text: str, language: Language) -> str:
    """The spaces that French asks for, wherever the text has a plain one."""
    if language == "en":
        return text
    for sign in ";!?":
        text = text.replace(f" {sign}", f"{_NARROW}{sign}")
    return text.replace(" :", f"{_NBSP}:").replace("« ", f"«{_NBSP}").replace(" »", f"{_NBSP}»")


_SPOKEN = {
    "ar": ("Arabic", "arabe"),
    "de": ("German", "allemand"),
    "en": ("English", "anglais"),
    "es": ("Spanish", "espagnol"),
    "fr": ("French", "français"),
    "fsl": ("French Sign Language", "langue des signes française"),
    "it": ("Italian", "italien"),
    "pt": ("Portuguese", "portugais"),
    "tr": ("Turkish", "turc"),
}
_SKILLS = {
    "disability": ("disability", "handicap"),
    "employment": ("employment", "emploi"),
    "family": ("family", "famille"),
    "housing": ("housing", "logement"),
    "rights": ("rights", "droits"),
}


def skill(name: str, language: Language) -> str:
    """A skill in words; one that the site has named itself is said as it is."""
    prefix, _, tag = name.rpartition("lang:")
    if not prefix and tag in _SPOKEN and name != tag:
        return of(_SPOKEN[tag], language)
    return of(_SKILLS[name], language) if name in _SKILLS else name.replace("_", " ")


def levels(minimums: Mapping[str, int], language: Language) -> str:
    """Skills with the least level that serves."""
    word = say(language, "level", "niveau")
    return listed(
        [f"{skill(name, language)} ({word} {least})" for name, least in sorted(minimums.items())], language
    )


CHANNELS = {
    "phone": ("by phone", "par téléphone"),
    "chat": ("by chat", "par messagerie instantanée"),
    "email": ("by e-mail", "par courriel"),
    "callback": ("for a call back", "pour un rappel"),
    "counter": ("at the counter", "au guichet"),
    "appointment": ("for an appointment", "pour un rendez-vous"),
    "outreach": ("at the agency’s initiative", "à l’initiative de l’agence"),
}
