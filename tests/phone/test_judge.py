"""The judge must find each fault: a judge that acquits everybody proves nothing."""

import pytest

from tests.phone.judge import judge, table


class Scene:
    """Writes what Asterisk would have written of some calls."""

    def __init__(self, folder) -> None:
        self.record = folder / "calls.csv"
        self.lines: list[str] = []

    def line(self, kind, at, call, id, channel, context="", exten="", app="", extra="") -> None:
        row = (kind, at, call, id, channel, context, exten, app, "", extra.replace('"', '""'))
        self.lines.append(",".join(f'"{value}"' for value in row))

    def call(
        self, id, number, start, end=None, apps=("BridgeWait",), left=False, context="guichet-waiting"
    ) -> None:
        channel = f"PJSIP/trunk-{id}"
        self.line("CHAN_START", start, id, id, channel, "from-citizens", number)
        for app in apps:
            self.line("APP_START", start + 0.1, id, id, channel, context, "s", app)
        if end:
            by = channel if left else "PJSIP/ag01-1"
            self.line("HANGUP", end, id, id, channel, extra=f'{{"hangupsource":"{by}"}}')
            self.line("CHAN_END", end, id, id, channel)

    def leg(self, call, id, agent, rung, talk=None, end=None) -> None:
        channel = f"PJSIP/{agent}-{id}"
        self.line("CHAN_START", rung, call, id, channel, "guichet-agents", "s")
        if talk:
            self.line("ANSWER", talk, call, id, channel)
            self.line("BRIDGE_ENTER", talk, call, id, channel)
        if end:
            self.line("CHAN_END", end, call, id, channel)

    def judge(self, **logs):
        self.record.write_text("\n".join(self.lines))
        return judge(self.record, **logs)


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def log(path, *lines):
    path.write_text(
        "".join(f"{who} {did} 2026-01-01\t00:00:00.0\t{at}.0 {call}\n" for who, did, at, call in lines)
    )
    return path


def test_each_way_to_end_has_its_name(scene):
    scene.call("1", "32300001", 10, 20)
    scene.leg("1", "2", "ag01", 12, 13, 20)
    scene.call("3", "32300002", 10, 15, left=True)
    scene.call("4", "32300003", 10, 15, apps=("BridgeWait", "Queue"))
    scene.call("5", "32300004", 10, 15, apps=("Playback",), context="guichet-closed")
    scene.call("6", "600", 10, 15)
    judgement = scene.judge()
    assert judgement.counts() == {"served": 1, "abandoned": 1, "fallback": 1, "closed": 1}
    assert judgement.faults == []
    assert "4 calls: 1 abandoned, 1 closed, 1 fallback, 1 served" in table(judgement)


def test_a_call_dropped_in_the_middle_of_its_wait_is_a_fault(scene):
    scene.call("1", "32300001", 10, 20, left=False)
    assert scene.judge().faults == ["call 32300001 ended in no known way: other"]


def test_a_call_that_never_ends_is_a_fault(scene):
    scene.call("1", "32300001", 10)
    assert scene.judge().faults == ["call 32300001 ended in no known way: open"]


def test_a_call_given_to_two_agents_is_a_fault(scene):
    scene.call("1", "32300001", 10, 20)
    scene.leg("1", "2", "ag01", 12, 13, 15)
    scene.leg("1", "3", "ag02", 16, 17, 20)
    assert scene.judge().faults == ["call 32300001 was given to several agents: ag01 ag02"]


@pytest.mark.parametrize("talk", [None, 14.5], ids=["rings", "talks"])
def test_an_agent_with_two_calls_is_a_fault(scene, talk):
    for call in "13":
        scene.call(call, f"3230000{call}", 10, 20)
    scene.leg("1", "2", "ag01", 12, 13, 20)
    scene.leg("3", "4", "ag01", 14, talk, 15)
    assert "ag01 got call 3 while 1 was not over" in scene.judge().faults


def test_what_sipp_saw_must_be_what_asterisk_saw(scene, tmp_path):
    scene.call("1", "32300001", 10, 20, left=True)
    scene.call("2", "32300002", 10, 20, left=True)
    said = log(
        tmp_path / "citizens.log",
        ("32300001", "up", 10, ""), ("32300001", "over", 20, ""),
        ("32300003", "up", 10, ""), ("32300003", "left", 12, ""),
    )  # fmt: skip
    assert sorted(scene.judge(citizens=said).faults) == [
        "call 32300001: Asterisk says that the citizen left, SIPp did not",
        "call 32300002: Asterisk says that the citizen left, SIPp did not",
        "number 32300002: 0 calls by SIPp, 1 by Asterisk",
        "number 32300003: 1 calls by SIPp, 0 by Asterisk",
        "number 32300003: SIPp saw a call that was not ended properly",
    ]


def test_an_answer_that_crossed_the_callers_leaving_is_no_conversation(scene, tmp_path):
    scene.call("1", "32300001", 10, 12, left=True)
    scene.leg("1", "2", "ag01", 11, end=12)
    said = log(
        tmp_path / "agents.log",
        ("ag01", "answered", 12, "x"),
        ("ag01", "cancelled", 12, "x"),
        ("ag01", "answered", 13, "y"),
    )
    assert scene.judge(agents=said).faults == []


def test_a_call_that_was_passed_on_may_have_several_agents_one_after_the_other(scene):
    scene.call("1", "32300001", 10, 20)
    scene.leg("1", "2", "ag01", 12, 13, 15)
    scene.leg("1", "3", "ag02", 16, 17, 20)
    assert scene.judge(moved={"32300001"}).faults == []
    assert len(scene.judge(moved={"32300002"}).faults) == 1


def test_the_phones_own_log_convicts_too(scene, tmp_path):
    scene.call("1", "32300001", 10, 20)
    scene.leg("1", "2", "ag02", 12, 13, 20)
    said = log(
        tmp_path / "agents.log",
        ("ag01", "answered", 13, "x"),
        ("ag01", "answered", 14, "y"),
        ("ag01", "ended", 15, "y"),
    )
    assert scene.judge(agents=said).faults == [
        "ag01's phone answered a call during another one",
        "ag02 talked 1 times by Asterisk, answered 0 times by SIPp",
    ]


@pytest.mark.parametrize(("end", "faults"), [(13, 0), (15, 1)])
def test_a_phone_that_heard_no_end_is_believed_unless_asterisk_had_ended_the_call(
    scene, tmp_path, end, faults
):
    scene.call("1", "32300001", 10, 20, left=True)
    scene.leg("1", "2", "ag01", 11, end=end)
    said = log(tmp_path / "agents.log", ("ag01", "answered", 12, "x"), ("ag01", "answered", 14, "y"))
    assert len(scene.judge(agents=said).faults) == faults
