"""An export as a text that a citizen can read: everything in it, in their language, in order.

Pure. Whatever has no place of its own is shown as it is: nothing is left out. What could steer a terminal or
turn the reading direction is shown escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from router.commands.citizen_words import word

MICROSECONDS = 10**14, 10**17  # between them a whole number is an instant: the years 1973 to 5138
INSTANTS = frozenset({"at", "until", "withdrawn_at"})
SILENT = frozenset({"id", "n", "key", "mark"})


class Reading:
    """One export, in one language and time zone. `files`: where enclosed files went, by their content."""

    def __init__(self, export: Mapping[str, Any], language: str, zone: str, files: Mapping[str, str]) -> None:
        self._export, self._language, self._zone, self._files = export, language, ZoneInfo(zone), files

    def text(self, now: dt.datetime) -> str:
        """All of it."""
        return "\n".join(self._lines(now)) + "\n"

    def _lines(self, now: dt.datetime) -> Iterator[str]:
        export, citizen = self._export, self._export["citizen"]
        yield self._word("title").upper()
        yield f"{self._word('written')} {self._instant(now.timestamp())} ({self._zone})"
        yield from self._part(
            "who", [f"{self._word('name')} : {citizen['name']}"] if citizen.get("name") else []
        )
        yield from (f"  {self._identifier(each)}" for each in citizen.get("identifiers", ()))
        yield from self._part("wishes", self._plain(citizen.get("preferences") or {}))
        if citizen.get("vulnerable"):
            yield from self._part("vulnerable", self._plain(citizen["vulnerable"]))
        yield from self._part("consents", map(self._consent, citizen.get("consents", ())))
        yield from self._part("journey", map(self._entry, export["journey"]["entries"]))
        yield from self._part("open", map(self._entry, export["journey"]["open"]))
        yield from self._part("contacts", self._plain(export["contacts"]))
        elsewhere = dict(export["elsewhere"])
        yield from self._part("chats", self._chats(elsewhere.pop("chats", ())))
        for name, things in elsewhere.items():
            yield from self._part(name, self._plain(things))
        yield from self._part("kept", self._plain(export["kept"]))
        if citizen.get("links"):
            yield from self._part("links", map(self._tie, citizen["links"]))
        yield from self._part("seen", map(self._seen, sorted(export["seen"], key=lambda each: each["at"])))

    def _part(self, heading: str, lines: Any) -> Iterator[str]:  # noqa: ANN401 - lines, from wherever
        yield ""
        yield self._word(heading).upper()
        empty = True
        for line in lines:
            empty = False
            yield f"  {line}"
        if empty and heading != "who":
            yield f"  {self._word('nothing')}"

    def _identifier(self, held: Mapping[str, Any]) -> str:
        how = ", ".join((
            self._word("verified" if held["verified"] else "claimed"), self._word(held["how"]),
            self._instant(held["at"]), *([self._word("shared")] if held.get("shared") else []),
        ))  # fmt: skip
        return f"{self._word(held['kind'])} : {shown(held['value'])} ({how})"

    def _consent(self, given: Mapping[str, Any]) -> str:
        words = [self._word(given["purpose"]), *([given["agency"]] if given.get("agency") else [])]
        more = {name: value for name, value in given.items() if name not in ("purpose", "agency")}
        return f"{' '.join(words)} — {', '.join(self._pairs(more))}"

    def _entry(self, entry: Mapping[str, Any]) -> str:
        what = "kept_promise" if entry["what"] == "kept" else entry["what"]
        more = {name: value for name, value in entry.items() if name not in ("at", "what", "text")}
        told = f" « {shown(entry['text'])} »" if entry.get("text") else ""
        return f"{self._instant(entry['at'])} — {self._word(what)}{told} ({', '.join(self._pairs(more))})"

    def _tie(self, link: Mapping[str, Any]) -> str:
        by = f"{self._word('by')} {self._word(link['by'])}, {self._instant(link['at'])}"
        return f"{link['one']} = {link['other']} : {self._word(link['why'])} ({by})"

    def _seen(self, seen: Mapping[str, Any]) -> str:
        did = f"{self._word(seen['by'])} {self._word(seen['what'])}"
        return f"{self._instant(seen['at'])} — {did} ({self._word(seen['purpose'])})"

    def _chats(self, chats: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
        for chat in chats:
            yield f"{chat['chat']}"
            files = {each["attachment"]: each for each in chat["files"]}
            for message in chat["messages"]:
                said = [
                    shown(message.get("text", "")),
                    *(f"[{each['label']}]" for each in message.get("choices", ())),
                ]
                if message.get("attachment") in files:
                    file = files[message["attachment"]]
                    said.append(f"({self._word('file')} : {self._enclosed(file)})")
                words = " ".join(part for part in said if part)
                yield f"  {self._instant(message['at'])} {self._word(message['by'])} : {words}"
            yield from (f"  {line}" for line in self._plain({"flow": chat.get("flow") or {}}))

    def _pairs(self, thing: Mapping[str, Any]) -> list[str]:
        return [
            f"{self._word(name)} {self._value(name, value)}"
            for name, value in thing.items()
            if value not in (None, "", [], {}) and name not in SILENT
        ]

    def _plain(self, thing: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON of any shape
        """Name by name, each level further in."""
        if isinstance(thing, Mapping) and "content" in thing and "name" in thing:
            yield f"{self._word('file')} : {self._enclosed(thing)}"
        elif isinstance(thing, Mapping):
            for key, value in thing.items():
                if value in (None, "", [], {}):
                    continue
                if isinstance(value, Mapping | list):
                    yield f"{self._word(key)} :"
                    yield from (f"  {line}" for line in self._plain(value, key))
                else:
                    yield f"{self._word(key)} : {self._value(key, value)}"
        elif isinstance(thing, list):
            for each in thing:
                if isinstance(each, Mapping | list):
                    lines = list(self._plain(each, name))
                    yield from (f"{'- ' if not at else '  '}{line}" for at, line in enumerate(lines))
                else:
                    yield f"- {self._value(name, each)}"
        elif thing not in (None, ""):
            yield self._value(name, thing)

    def _enclosed(self, file: Mapping[str, Any]) -> str:
        if file.get("content") is None:
            return f"{shown(file['name'])} ({self._word('too_large')})"
        return f"{shown(file['name'])} → {self._files.get(file['content'], '')}"

    def _value(self, name: str, value: Any) -> str:  # noqa: ANN401 - a leaf of JSON
        if isinstance(value, bool):
            return "✓" if value else "✗"
        if isinstance(value, int) and MICROSECONDS[0] < value < MICROSECONDS[1]:
            return self._instant(value)
        if isinstance(value, int | float) and name in INSTANTS and 0 <= value < MICROSECONDS[0] / 1e4:
            return self._instant(value)
        if name in ("channel", "direction", "by", "kind", "proof", "what", "reason"):
            return shown(word(str(value), self._language, name))
        return shown(str(value))

    def _instant(self, seconds: float) -> str:
        """In seconds, as the API has them, or in microseconds, as rooms keep them."""
        if seconds > MICROSECONDS[0]:
            seconds /= 1_000_000
        when = dt.datetime.fromtimestamp(seconds, self._zone)
        return str(format_datetime(when, "d MMM yyyy HH:mm", locale=self._language))

    def _word(self, code: str) -> str:
        return shown(word(code, self._language))


def shown(text: str) -> str:
    """On one line, with what is invisible escaped."""
    return "".join(
        sign if sign.isprintable() else " / " if sign == "\n" else f"\\u{ord(sign):04x}" for sign in text
    )
