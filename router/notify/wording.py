"""A configured message in one language, filled: what is sent by each way. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from citizens.notice import Asked, Way, Why
from citizens.template import Unfit, filled, one_line
from router.notify.ways import Message


class Wording(Struct, frozen=True):
    """One language's."""

    subject: str = ""
    text: str = ""
    sms: str = ""
    prompts: tuple[str, ...] = ()


class Told(Struct, frozen=True):
    """Something that citizens are told."""

    texts: dict[str, Wording]  # by language, the usual one first
    why: Why = "service"
    variables: frozenset[str] = frozenset()
    ways: tuple[Way, ...] = ("sms", "email")
    valid: int = 172_800_000_000  # microseconds

    def asked(self, until: int, there: frozenset[Way]) -> Asked:
        return Asked(tuple(way for way in self.ways if way in there), self.why, until)

    def check(self, values: Mapping[str, str]) -> None:
        """Raises Unfit for a variable that is missing, unknown, or fills no place."""
        for name in sorted(self.variables - set(values)):
            raise Unfit("missing", name)
        for name in sorted(set(values) - self.variables):
            raise Unfit("unknown", name)
        for name, value in values.items():
            one_line(value, name)

    def message(self, way: Way, key: str, to: str, language: str, values: Mapping[str, str]) -> Message:
        """In the citizen's language, or its nearest, or the usual one. Raises Unfit."""
        spoken = _nearest(language, self.texts)
        wording = self.texts[spoken]
        match way:
            case "email":
                subject, text = filled(wording.subject, values), filled(wording.text, values)
                return Message(key, to, spoken, one_line(subject), text)
            case "sms":
                return Message(key, to, spoken, text=filled(wording.sms, values))
            case "voice":
                return Message(key, to, spoken, prompts=said(wording.prompts, values))


class Messages(Struct, frozen=True):
    """All there are."""

    by_id: dict[str, Told] = field(default_factory=dict)


def said(prompts: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    """Sound files: `digits/NAME` of a variable is each of its digits. Raises Unfit for what is no digits."""
    sounds: list[str] = []
    for prompt in prompts:
        folder, _, name = prompt.partition("/")
        if folder != "digits" or name not in values:
            sounds.append(prompt)
        elif values[name].isascii() and values[name].isdigit():
            sounds += [f"digits/{digit}" for digit in values[name]]
        else:
            raise Unfit("unfit", name)
    return tuple(sounds)


def _nearest(language: str, texts: Mapping[str, object]) -> str:
    """`fr-ca` is served by `fr`, and the other way round."""
    usual = next(iter(texts))
    if language in texts:
        return language
    root = language.partition("-")[0]
    return next((each for each in texts if root and each.partition("-")[0] == root), usual)
