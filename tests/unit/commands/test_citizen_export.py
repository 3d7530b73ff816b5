"""What a citizen is handed over: nothing kept is missing from the text, in any script; files are files."""

from __future__ import annotations

import base64
import datetime as dt
import json
import stat
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.commands.citizen_export import hand_over
from router.commands.citizen_text import Reading, shown
from router.commands.client import Failed

NOW = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)
AT = NOW.timestamp()
FILE = {"attachment": "a1", "name": "../../carte d'identité.pdf", "kind": "pdf",
        "content": base64.b64encode(b"%PDF").decode()}  # fmt: skip
EXPORT = {
    "citizen": {
        "citizen": "z-1",
        "citizens": ["z-1"],
        "name": "Zoé 李小龍 محمد",
        "identifiers": [
            {"kind": "email", "value": "zoe@example.org", "how": "account", "verified": True, "at": AT,
             "citizen": "z-1", "why": "…"}
        ],
        "preferences": {"relay": "sign", "plain": True},
        "consents": [{"purpose": "share", "at": AT, "proof": "said", "reference": "c-1", "by": "ag01",
                      "agency": "cpam"}],
        "links": [],
    },
    "journey": {
        "citizen": "z-1",
        "entries": [{"at": AT, "what": "asked", "channel": "phone", "contact": "c-1", "topic": "housing"},
                    {"at": AT, "what": "questioned", "contact": "c-1", "text": "Où en est\nmon dossier ?"}],
        "open": [],
    },
    "contacts": {"c-1": {"number": "+33612345678", "said": [["number", "123456749", ""]]}},
    "kept": {"facts:caf": {"facts": [{"kind": "income", "values": {"monthly": 1450}}]}},
    "elsewhere": {
        "chats": [{"chat": "ch-1", "flow": {"session": {"values": {"street": "1 rue X"}}}, "files": [FILE],
                   "messages": [{"n": 1, "id": "i", "by": "citizen", "at": round(AT * 1e6), "text": "Bonjour",
                                 "attachment": "a1"}]}],
        "letters": [{"letter": "l1", "direction": "in", "at": round(AT * 1e6), "subject": "APL",
                     "text": "Merci",
                     "papers": [{"name": "big.pdf", "type": "x", "size": 1, "content": None}]}],
        "a new room": [{"odd": ["thing"]}],
    },
    "seen": [{"at": AT, "citizen": "z-1", "by": "ag01", "role": "agent", "what": "get_citizen",
              "purpose": "serve"}],
}  # fmt: skip
PERSONAL = [
    "Zoé 李小龍 محمد", "zoe@example.org", "+33612345678", "123456749", "1450", "1 rue X", "Bonjour", "APL",
    "Merci", "Où en est / mon dossier ?", "cpam", "thing", "big.pdf", "carte d'identité.pdf",
]  # fmt: skip


def words(value: object) -> Iterator[str]:
    """Every leaf."""
    if isinstance(value, dict):
        for each in value.values():
            yield from words(each)
    elif isinstance(value, list):
        for each in value:
            yield from words(each)
    elif isinstance(value, str) and value:
        yield value


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_missing_and_times_are_those_of_the_clock_on_the_wall(language):
    text = Reading(EXPORT, language, "Europe/Paris", {FILE["content"]: "files/001"}).text(NOW)
    assert [each for each in PERSONAL if each not in text] == []
    assert "29 mars 2026 03:30" in text.replace(
        "Mar", "mars"
    )  # the hour that the change of clocks leaves out
    assert ("vous nous avez contactés" in text) == (language == "fr")
    assert "files/001" in text


json_like = st.recursive(
    st.text(max_size=20) | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["letters", "notices", "new"]), json_like), json_like)
def test_whatever_a_room_gives_is_in_the_text(rooms, kept):
    export = EXPORT | {"elsewhere": rooms, "kept": {"a": kept}}
    text = Reading(export, "fr", "Europe/Paris", {}).text(NOW)
    assert [each for each in words([rooms, kept]) if shown(each) not in text] == []
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_a_folder_of_its_own_that_nobody_else_reads(tmp_path):
    folder = tmp_path / "theirs"
    paths = hand_over(EXPORT, folder, "fr", "Europe/Paris")
    assert [str(path.relative_to(folder)) for path in paths] == [
        "a-lire.txt", "everything.json", "files/001-carte d_identité.pdf",
    ]  # fmt: skip
    assert paths[2].read_bytes() == b"%PDF"
    assert json.loads(paths[1].read_text()) == EXPORT
    assert paths[2].name in paths[0].read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (*paths, folder)} == {0o600, 0o700}
    with pytest.raises(Failed, match="is there already"):
        hand_over(EXPORT, folder, "fr", "Europe/Paris")
