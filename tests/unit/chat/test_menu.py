"""The built-in questions of a chat: answered by button, number or name; never a dead end."""

from __future__ import annotations

import pytest

from router.chat.menu import Asked, answer, begin, open_question, options
from router.core.policy import Policy, Topic

POLICY = Policy(
    topics={"housing": Topic({"housing": 3}), "family": Topic({"family": 2})},
    languages={"fr": {"lang:fr": 4}, "en": {"lang:en": 4}},
)


def test_language_then_topic_then_all_is_known():
    asked = begin(POLICY, "", "")
    assert open_question(POLICY, asked) == "language"
    assert [option.id for option in options(POLICY, "language")] == ["fr", "en"]
    asked = answer(POLICY, asked, "en", "")
    assert open_question(POLICY, asked) == "topic"
    assert open_question(POLICY, answer(POLICY, asked, "", "family")) is None


@pytest.mark.parametrize(("choice", "text"), [("en", ""), ("", "2"), ("", " EN "), ("en", "rubbish")])
def test_an_answer_may_be_a_button_a_number_or_a_name(choice: str, text: str):
    assert answer(POLICY, Asked(), choice, text) == Asked("en", "")


@pytest.mark.parametrize("text", ["", "0", "3", "99999999999999999999", "²", "perhaps", "fr en"])
def test_what_is_no_answer_is_asked_again_then_the_first_stands(text: str):
    once = answer(POLICY, Asked(), "", text)
    assert once == Asked("", "", 1)
    assert answer(POLICY, once, "nothing", text) == Asked("fr", "")


def test_what_the_client_says_at_once_is_not_asked_and_what_nobody_knows_is():
    assert begin(POLICY, "fr", "housing") == Asked("fr", "housing")
    assert begin(POLICY, "xx", "nothing") == Asked()
    assert begin(Policy(languages={"fr": {}}, topics={}), "", "") == Asked("fr", "")
