"""What a topic and a language ask for."""

from __future__ import annotations

import pytest

from router.core.asking import needs_of, target_of
from router.core.policy import Policy, Topic

POLICY = Policy(
    topics={"housing": Topic({"housing": 3, "signs": 2}, target=7), "family": Topic({"family": 2})},
    languages={"fr": {"lang:fr": 4}, "fsl": {"signs": 6}, "easy": {"signs": 1}},
)


def test_of_a_skill_that_both_need_the_higher_level_counts():
    assert needs_of(POLICY, "housing", "fr") == {"housing": 3, "signs": 2, "lang:fr": 4}
    assert needs_of(POLICY, "housing", "fsl") == {"housing": 3, "signs": 6}
    assert needs_of(POLICY, "housing", "easy") == {"housing": 3, "signs": 2}
    assert POLICY.topics["housing"].needs == {"housing": 3, "signs": 2}


def test_a_topic_may_have_a_target_of_its_own():
    assert (target_of(POLICY, "housing"), target_of(POLICY, "family")) == (7, None)


def test_what_was_not_asked_adds_nothing():
    assert needs_of(POLICY, "", "fr") == {"lang:fr": 4}
    assert needs_of(POLICY, "family", "") == {"family": 2}
    assert needs_of(POLICY, "", "") == {}
    assert target_of(POLICY, "") is None


def test_what_the_policy_lacks_is_named():
    for topic, language, lacks in (("housin", "fr", "housin"), ("housing", "xx", "xx")):
        with pytest.raises(KeyError, match=lacks):
            needs_of(POLICY, topic, language)
