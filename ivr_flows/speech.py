"""Sounds of prompts: a recording where there is one, else a voice, made once and kept by content.

The voice is a program of one's choice: text on its standard input, WAV on its standard output, `{language}`
filled in among its arguments. It is run without a shell, with a deadline; what is said never stands on its
command line, where other users of the machine would read it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field

from ivr_flows.recordings import Recorded, same
from ivr_flows.sound import NotSound, for_phone

SPEAK_S = 20.0
MADE = "1"  # goes up when sound.py makes other sounds of the same
ESPEAK = ("espeak-ng", "-v", "{language}", "-s", "150", "-g", "2", "--stdin", "--stdout")
# espeak-ng's names where they are not the language's own.
ESPEAK_NAMES: Mapping[str, str] = MappingProxyType({"fr": "fr-fr", "en": "en-gb"})

Wanted = tuple[str, str]  # language and text


class NoSpeech(Exception):
    """The voice made no sound: why, and how to mend it."""


class Voice(Struct, frozen=True):
    """A program that speaks, and its names for languages."""

    command: tuple[str, ...] = ESPEAK
    names: Mapping[str, str] = field(default_factory=lambda: dict(ESPEAK_NAMES))

    def say(self, language: str, text: str) -> bytes:
        """The WAV of this text, for a telephone. Raises NoSpeech."""
        plain = language.partition("-")[0]
        name = self.names.get(language) or self.names.get(plain) or plain
        command = [part.replace("{language}", name) for part in self.command]
        try:
            spoken = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=SPEAK_S, check=False
            )
        except FileNotFoundError:
            raise NoSpeech(f"there is no program {command[0]}: install it, or record the prompts") from None
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise NoSpeech(f"{command[0]} did not speak: {type(fault).__name__}") from None
        try:
            return for_phone(spoken.stdout)
        except NotSound as fault:
            raise NoSpeech(
                f"{command[0]} ended with {spoken.returncode} and made no sound: {fault}"
            ) from None


class Made(Struct, frozen=True):
    """What became of what was wanted."""

    new: int
    there: int
    failed: tuple[tuple[Wanted, str], ...] = ()


class Sounds:
    """Sound files by what is said in them. `folder` is readable by Asterisk.

    With a `key` nobody can tell from a file's name what is said in it: for words about one citizen.
    """

    def __init__(
        self, folder: Path, voice: Voice, recorded: Mapping[Wanted, Recorded] | None = None, key: bytes = b""
    ) -> None:
        self.folder, self._key = folder, key
        self._voice = voice
        self._recorded = recorded or {}

    def file(self, language: str, text: str) -> Path:
        """Where the sound is, or would be: named by everything that makes it what it is."""
        said = same(text)
        recording = self._recorded.get((language, said))
        parts = (recording.content,) if recording else (*self._voice.command, language, said)
        content = "\0".join((MADE, *parts)).encode()
        name = hashlib.blake2b(content, digest_size=16, key=self._key).hexdigest()
        return self.folder / f"{name}.wav"

    def recorded(self, language: str, text: str) -> bool:
        """Whether a person says it."""
        return (language, same(text)) in self._recorded

    def ready(self, language: str, text: str) -> bool:
        """Whether it can be played now."""
        return self.file(language, text).exists()

    def make(self, language: str, text: str) -> Path:
        """The sound, made now if it is not there. Raises NoSpeech, OSError."""
        file = self.file(language, text)
        if file.exists():
            return file
        sound = self._sound(language, same(text))
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(sound)
        os.chmod(name, 0o644)  # Asterisk may be another user
        os.replace(name, file)  # whole or not at all
        return file

    def _sound(self, language: str, text: str) -> bytes:
        recording = self._recorded.get((language, text))
        if recording is None:
            return self._voice.say(language, text)
        try:
            return for_phone(recording.file.read_bytes())
        except NotSound as fault:
            raise NoSpeech(f"{recording.file}: {fault}") from None

    def make_all(self, wanted: Iterable[Wanted], progress: Callable[[int, int], None] | None = None) -> Made:
        """Everything that is wanted, side by side. One that fails stops none of the others."""
        due = list(dict.fromkeys((language, same(text)) for language, text in wanted))
        new = [each for each in due if not self.ready(*each)]
        failed: list[tuple[Wanted, str]] = []

        def one(each: Wanted) -> str:
            try:
                self.make(*each)
            except (NoSpeech, OSError) as fault:
                return str(fault)
            return ""

        with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            for number, (each, fault) in enumerate(zip(new, pool.map(one, new), strict=True), 1):
                if fault:
                    failed.append((each, fault))
                if progress is not None:
                    progress(number, len(new))
        return Made(len(new) - len(failed), len(due) - len(new), tuple(failed))
