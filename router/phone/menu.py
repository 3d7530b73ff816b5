"""The small built-in menu: a language and a topic by key, in the policy's order, 1 to 9.

A conversation never ends here: after silence or wrong keys the first choice stands. Keys flooded in only
answer the questions sooner: one key is taken per try, and tries are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.phone.agi import Agi
    from router.phone.settings import MenuSettings

ORDER = "123456789"

# Every sound below is in asterisk-core-sounds-en and -fr. An agency records its own and names them in
# `prompts`: these say only "press 1, 2, 3" and sound a beep.
PRESS, BEEP, AGAIN = "vm-press", "beep", "please-try-again"
PLAY_S = 60.0  # no prompt is longer
MENU_S = 60  # the dialplan leaves a peer that says nothing after 8 s: who asks for more is alive


class Chosen(NamedTuple):
    """What the citizen asked for, and every key pressed for it (for the vault, never for the log)."""

    language: str
    topic: str
    keyed: str


def default_prompt(choices: int) -> tuple[str, ...]:
    return (PRESS, *(f"digits/{key}" for key in ORDER[:choices]), BEEP)


async def ask(agi: Agi, settings: MenuSettings, languages: Sequence[str], topics: Sequence[str]) -> Chosen:
    """Ask for the language, then in that language for the topic. One choice alone is not asked."""
    if len(languages) > 1 or len(topics) > 1:
        await agi.set_variable("TIMEOUT(absolute)", str(MENU_S))
    language, first = await _choose(agi, settings, "language", languages)
    if language and language.isalnum() and language != agi.headers.get("language"):  # a round trip: 0.2 ms
        await agi.set_variable("CHANNEL(language)", language)
    topic, second = await _choose(agi, settings, "topic", topics)
    return Chosen(language, topic, first + second)


async def _choose(agi: Agi, settings: MenuSettings, question: str, choices: Sequence[str]) -> tuple[str, str]:
    offered = choices[: len(ORDER)]
    if len(offered) < 2:
        return (offered[0] if offered else ""), ""
    prompt = settings.prompts.get(question) or default_prompt(len(offered))
    again = settings.prompts.get("again") or (AGAIN,)
    keyed = ""
    for attempt in range(settings.tries):
        said = prompt if attempt == 0 else (*again, *prompt)
        key = await agi.read(said, 1, settings.wait_s, PLAY_S)
        keyed += key
        place = ORDER.find(key) if key else -1
        if 0 <= place < len(offered):
            return offered[place], keyed
    return offered[0], keyed
