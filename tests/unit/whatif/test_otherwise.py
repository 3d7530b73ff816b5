"""The same day under another policy or rota: what changes, and what must not."""

import pytest
from msgspec.structs import replace

from config.fault import Faults
from router.core.events import Agent, Config, Contact
from router.core.policy import SECOND, AgentRules, ChannelRules, Policy, Topic
from router.whatif.compare import pair, pairs, told
from router.whatif.day import Given
from router.whatif.figures import SERVED
from router.whatif.other import under
from router.whatif.rota import on, read
from tests.unit.whatif import recording
from tests.unit.whatif.test_fidelity import day_of

DAY = day_of(recording.lived())


def rota(tmp_path, text: str):
    path = tmp_path / "rota.yaml"
    path.write_text(text)
    return on(DAY, read(path, DAY))


def test_the_same_policy_moves_nobody() -> None:
    answer = told(DAY, [pair(DAY, under(DAY, Policy()), 1, 0)], 1)
    assert {
        (each.moved.less.mean, each.moved.more.mean) for each in answer.groups.values() if each.moved
    } == {(0, 0)}


def test_one_chat_at_a_time_makes_chats_wait_and_the_answer_names_them() -> None:
    slow = Policy(channels=Policy().channels | {"chat": ChannelRules(capacity=1, exclusive=False)})
    answer = told(DAY, [pair(DAY, under(DAY, slow), 1, number) for number in range(3)], 1)
    chats = answer.groups["channel chat"]
    assert chats.moved is not None
    assert chats.moved.more.mean > 10 * max(1, chats.moved.less.mean)
    assert chats.change["in_time"].mean < -0.2


def test_more_agents_are_more_service(tmp_path) -> None:
    more = rota(tmp_path, "add: [{count: 6, skills: {a: 9, b: 9}}]")
    answer = told(DAY, [pair(DAY, more, 1, number) for number in range(2)], 1)
    whole = answer.groups["all"]
    assert whole.other["in_time"].mean > 0.9 > whole.base["in_time"].mean
    assert whole.other["left"].mean < whole.base["left"].mean / 3


def test_who_is_removed_serves_nobody_and_shifts_are_kept(tmp_path) -> None:
    text = 'remove: [t001-00000]\nchange: {t001-00001: {shifts: ["01:00-02:00"], skills: {a: 2}}}\n'
    other = rota(tmp_path, text + "add: [{count: 2, skills: {a: 5}, capacity: {chat: 1}}]")
    said = [(each.at, each.event) for each in other.given if isinstance(each.event, Agent)]
    assert "t001-00000" not in {event.agent for _, event in said}
    moved = [(at, event.state, event.skills) for at, event in said if event.agent == "t001-00001"]
    assert moved == [(3600 * SECOND, "ready", {"a": 2}), (7200 * SECOND, "away", {"a": 2})]
    added = {event.agent: event.capacity for _, event in said if event.agent.startswith("rota-")}
    assert added == {"rota-1-0001": {"chat": 1}, "rota-1-0002": {"chat": 1}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("remove: [t001-0000]", "1:10: error: no agent `t001-0000` was there: did you mean `t001-0"),
        ("remov: [x]", "1:1: error: unknown key `remov`: did you mean `remove`?"),
        ("add: [{count: 0, skills: {a: 1}}]", "`count` takes a whole number from 1"),
        ('add: [{count: 1, skills: {a: 1}, shifts: ["10:00-09:00"]}]', "shifts must follow each other"),
        ("time_zone: Mars/Base", "1:12: error: no time zone `Mars/Base`"),
        ("{}", "it changes nothing"),
        (
            "remove: [t001-00000]\nchange: {t001-00000: {skills: {a: 1}}}",
            "2:22: error: `t001-00000` is removed",
        ),
        ("add: [", "not YAML"),
    ],
)
def test_a_wrong_rota_names_the_line_and_the_mend(tmp_path, text, said) -> None:
    with pytest.raises(Faults, match=r".") as wrong:
        rota(tmp_path, text)
    assert said in str(wrong.value)


def test_a_topic_asks_for_what_the_other_policy_says_of_it() -> None:
    old = Policy(
        topics={"t": Topic({"a": 3}), "u": Topic({"a": 1}, target=9 * SECOND)}, languages={"fr": {"fr": 5}}
    )
    new = replace(old, topics={"t": Topic({"a": 6}, target=5 * SECOND), "u": Topic({"b": 1})})
    visit = DAY.visits[0]
    asked = [
        Contact("c1", "phone", ({"a": 3, "fr": 5},), topic="t", language="fr"),
        Contact("c2", "phone", ({"a": 4},), topic="t"),  # said otherwise: it stays
        Contact("c3", "phone", ({"a": 1},), target=9 * SECOND, topic="u"),
        Contact("c4", "phone", ({"a": 1},), target=8 * SECOND, topic="gone"),
    ]
    day = replace(DAY, policy=old, visits=[replace(visit, event=event) for event in asked])
    got = [(each.event.needs, each.event.target) for each in under(day, new).visits]
    assert got == [
        (({"a": 6, "fr": 5},), 5 * SECOND),
        (({"a": 4},), 5 * SECOND),
        (({"b": 1},), None),
        (({"a": 1},), 8 * SECOND),
    ]
    assert [each.target for each in under(day, new).visits] == [each.target for each in day.visits]


def test_agents_bring_what_the_other_policy_says_and_no_policy_is_applied_on_the_way() -> None:
    old = Policy(agents={"a": AgentRules({"x": 1}), "b": AgentRules({"x": 1})})
    new = Policy(agents={"a": AgentRules({"x": 9}, {"chat": 2})})
    events = (Agent("a", "ready", skills={"x": 1}), Agent("a", "away"), Agent("b", "ready", skills={"x": 1}))
    given = [*(Given(0, n, event) for n, event in enumerate(events)), Given(0, 9, Config(old, "h"))]
    got = [each.event for each in under(replace(DAY, policy=old, given=given), new).given]
    assert [event.skills for event in got] == [{"x": 9}, {"x": 9}, {"x": 1}]
    assert len(got) == 3


def test_two_cores_draw_the_same_as_one() -> None:
    done: list[None] = []
    short = day_of(recording.lived(replace(recording.SCENARIO, hours=1)))
    alone = list(pairs(short, under(short, Policy()), 1, 2, 1, lambda: None))
    both = list(pairs(short, under(short, Policy()), 1, 2, 2, lambda: done.append(None)))
    assert len(done) == 2
    for one, two in zip(alone, both, strict=True):
        assert (one.base.waits == two.base.waits).all()
        assert (one.base.ends == SERVED).any()
