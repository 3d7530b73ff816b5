"""The menu: two tries, then the first choice; a flood of keys is only a short answer."""

import pytest

from router.phone.menu import ask, default_prompt
from router.phone.settings import MenuSettings
from tests.unit.phone.line import Phone, on

LANGUAGES = ("fr", "en", "ar")
TOPICS = ("housing", "family", "rights")


async def choose(phone, languages=LANGUAGES, topics=TOPICS, settings=None):
    async with on(phone) as agi:
        return await ask(agi, settings or MenuSettings(), languages, topics)


@pytest.mark.parametrize("cut_short", [False, True])
async def test_keys_choose_in_the_policys_order(cut_short):
    phone = Phone("2", "3", cut_short=cut_short)
    assert await choose(phone) == ("en", "rights", "23")
    assert phone.variables == {"TIMEOUT(absolute)": "60", "CHANNEL(language)": "en"}
    assert cut_short == ("beep" not in phone.played)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ((), ("fr", "housing", "")),
        (("9", "#", "*", "0"), ("fr", "housing", "9#*0")),
        (("", "2", "", "1"), ("en", "housing", "21")),
        (("4", "1", "2"), ("fr", "family", "412")),
    ],
)
async def test_after_two_tries_the_first_choice_stands(keys, chosen):
    assert await choose(Phone(*keys)) == chosen


async def test_a_flood_of_keys_is_bounded_by_the_tries():
    phone = Phone(*"0" * 10_000)
    _, _, keyed = await choose(phone)
    assert keyed == "0000"


async def test_one_choice_or_none_is_not_asked():
    phone = Phone()
    assert await choose(phone, ("fr",), ()) == ("fr", "", "")
    assert phone.played == []


@pytest.mark.parametrize(("has", "set_to"), [("fr", None), ("en", "fr")])
async def test_the_language_a_call_has_already_is_not_set_again(has, set_to):
    phone = Phone()
    async with on(phone, language=has) as agi:
        await ask(agi, MenuSettings(), ("fr",), ())
    assert phone.variables.get("CHANNEL(language)") == set_to


async def test_at_most_nine_choices_are_offered():
    topics = [f"t{n}" for n in range(12)]
    phone = Phone("9")
    assert await choose(phone, ("fr",), topics) == ("fr", "t8", "9")
    assert phone.played == [*default_prompt(9)]


async def test_an_agencys_own_sounds_are_played():
    phone = Phone("", "1")
    prompts = {"topic": ("our/topics",), "again": ("our/again",)}
    await choose(phone, ("fr",), TOPICS, MenuSettings(prompts=prompts))
    assert phone.played == ["our/topics", "our/again", "our/topics"]
