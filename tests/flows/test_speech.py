"""Sounds of prompts with the real espeak-ng, with a program of one's own, and with people's recordings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ivr_flows.record_list import main
from ivr_flows.recordings import BadIndex, load, missing
from ivr_flows.sound import RATE, loudness, read_wav, wav_of
from ivr_flows.speech import NoSpeech, Sounds, Voice
from tests.flows.library import FOLDER
from tests.unit.flows.test_sound import tone

pytestmark = pytest.mark.server  # espeak-ng is a process of its own

GREETING = {"fr": "Bonjour. Tapez un.", "en": "Good morning. Press one.", "ar": "مرحبا. اضغط واحد."}


@pytest.mark.parametrize("language", sorted(GREETING))
def test_the_voice_speaks_each_language(tmp_path: Path, language: str):
    file = Sounds(tmp_path, Voice()).make(language, GREETING[language])
    samples, rate = read_wav(file.read_bytes())
    assert rate == RATE
    assert 0.8 < len(samples) / RATE < 6
    assert loudness(samples) == pytest.approx(-20, abs=1.5)


def test_a_sound_is_made_once_and_named_by_what_it_is(tmp_path: Path):
    sounds = Sounds(tmp_path, Voice())
    wanted = [("fr", "douze minutes"), ("fr", "douze   minutes"), ("en", "12 minutes")]
    told: list[tuple[int, int]] = []
    assert sounds.make_all(wanted, lambda n, of: told.append((n, of))).new == 2
    assert told == [(1, 2), (2, 2)]
    again = sounds.make_all(wanted)
    assert (again.new, again.there, again.failed) == (0, 2, ())
    other = Sounds(tmp_path, Voice(command=(*Voice().command, "-p", "60")))
    assert other.file("fr", "douze minutes") != sounds.file("fr", "douze minutes")
    one, two = (Sounds(tmp_path, Voice(), key=key * 32) for key in (b"1", b"2"))
    assert len({each.file("fr", "1 rue X") for each in (one, two, sounds)}) == 3
    assert not list(tmp_path.glob("*.part"))


def test_what_is_said_is_never_taken_for_an_option_or_a_command(tmp_path: Path):
    text = '--version; touch x "$(id)" `id` <speak>'
    file = Sounds(tmp_path, Voice()).make("en", text)
    assert file.stat().st_size > 8000
    assert [each for each in tmp_path.iterdir() if each != file] == []


def test_a_program_of_ones_own(tmp_path: Path):
    program = tmp_path / "voice.py"
    program.write_text(
        "import sys, wave\n"
        "assert sys.argv[1] == 'fr-fr' and sys.stdin.buffer.read() == 'été'.encode()\n"
        "out = wave.open(sys.stdout.buffer, 'wb')\n"
        "out.setnchannels(1); out.setsampwidth(2); out.setframerate(16000)\n"
        "out.writeframes((b'\\x00\\x10' * 20 + b'\\x00\\xf0' * 20) * 400)\n"
        "sys.stdout.buffer.flush()\n"
    )
    voice = Voice(command=(sys.executable, str(program), "{language}"))
    assert Sounds(tmp_path / "sounds", voice).make("fr", "été").exists()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("no-such-voice",), "install it"),
        (("true",), "made no sound"),
        (("head", "-c", "0"), "made no sound"),
    ],
)
def test_a_voice_that_fails_is_told_and_stops_nothing_else(tmp_path: Path, command, why: str):
    sounds = Sounds(tmp_path, Voice(command=command))
    made = sounds.make_all([("fr", "a"), ("fr", "b")])
    assert made.new == 0
    assert [each for each, _ in made.failed] == [("fr", "a"), ("fr", "b")]
    assert all(why in reason for _, reason in made.failed)
    with pytest.raises(NoSpeech):
        sounds.make("fr", "a")


def record(folder: Path, language: str, **texts: str) -> Path:
    (folder / language).mkdir(parents=True, exist_ok=True)
    lines = []
    for name, text in texts.items():
        (folder / language / f"{name}.wav").write_bytes(wav_of(tone(level=0.01)))
        lines.append(f'"{text}": {name}.wav\n')
    (folder / language / "index.yaml").write_text("".join(lines))
    return folder


def test_a_recording_comes_before_the_voice_until_its_text_changes(tmp_path: Path):
    recorded = load(record(tmp_path / "recordings", "fr", welcome="Bonjour."))
    sounds = Sounds(tmp_path / "sounds", Voice(command=("no-such-voice",)), recorded)
    samples, _ = read_wav(sounds.make("fr", " Bonjour. ").read_bytes())
    assert loudness(samples) == pytest.approx(-20, abs=0.5)  # levelled with the rest
    assert sounds.recorded("fr", "Bonjour.")
    assert not sounds.recorded("fr", "Bonsoir.")
    assert missing([("fr", "Bonjour."), ("en", "Hello."), ("en", "Hello.")], recorded) == [("en", "Hello.")]
    with pytest.raises(NoSpeech):
        sounds.make("fr", "Bonsoir.")


def test_a_new_take_of_a_recording_is_a_new_sound(tmp_path: Path):
    folder = record(tmp_path / "recordings", "fr", welcome="Bonjour.")
    first = Sounds(tmp_path, Voice(), load(folder)).file("fr", "Bonjour.")
    (folder / "fr" / "welcome.wav").write_bytes(wav_of(tone(level=0.2, hertz=300)))
    assert Sounds(tmp_path, Voice(), load(folder)).file("fr", "Bonjour.") != first


@pytest.mark.parametrize(
    ("index", "mend"),
    [
        ("- a\n", "text: file.wav"),
        ("a: [\n", "no YAML"),
        ("a: ../../etc/passwd\n", "put it beside"),
        ("a: none.wav\n", "record it"),
        ("a: !!python/object/apply:os.system [id]\n", "no YAML"),
    ],
)
def test_an_index_that_is_wrong_is_refused_with_its_mend(tmp_path: Path, index: str, mend: str):
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "index.yaml").write_text(index)
    with pytest.raises(BadIndex, match=mend):
        load(tmp_path)


def test_the_list_for_the_studio_marks_what_is_missing(tmp_path: Path, capsys):
    record(tmp_path, "fr", welcome="Que puis-je faire pour vous ?")
    assert main([str(FOLDER / "welcome.yaml"), "--recordings", str(tmp_path), "--language", "fr"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "- fr\tQue puis-je faire pour vous ?" in lines
    assert "+ fr\t12 minutes" in lines
    assert "+ fr\tPour le logement, tapez" in lines
    assert lines[-1].endswith(f"{len(lines) - 2} to be recorded")
