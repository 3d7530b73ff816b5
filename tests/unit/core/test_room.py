"""What goes beside what in an agent's hands, as a reader can check by eye."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core.policy import ChannelRules, Policy
from router.core.room import capacity_of, must_interrupt, room, rooms
from router.core.state import AgentRecord


def policy(**changed: dict[str, object]) -> Policy:
    usual = Policy()
    channels = {name: replace(usual.channels[name], **rules) for name, rules in changed.items()}
    return replace(usual, channels=usual.channels | channels)


def holding(*hands: str, **capacity: int) -> AgentRecord:
    agent = AgentRecord("a", "ready", "", {}, capacity)
    agent.hands = {f"c{n}": channel for n, channel in enumerate(hands)}
    return agent


def test_by_default_chats_run_side_by_side_and_nothing_else_does():
    usual = Policy()
    assert rooms(usual, holding()) == tuple(usual.channels)
    assert rooms(usual, holding("chat", "chat")) == ("chat",)
    assert rooms(usual, holding("chat", "chat", "chat")) == ()
    for channel in usual.channels:
        assert channel == "chat" or rooms(usual, holding(channel)) == ()


def test_beside_holds_both_ways_and_for_these_two_alone():
    mixed = policy(email={"beside": ("chat",)})
    assert room(mixed, holding("email"), "chat")
    assert room(mixed, holding("chat"), "email")
    assert not room(mixed, holding("email"), "email")
    assert not room(mixed, holding("email"), "phone")
    assert not room(mixed, holding("email", "chat", "chat", "chat"), "chat")


def test_a_channel_is_never_beside_itself_by_that_word():
    assert not room(policy(phone={"beside": ("phone",)}), holding("phone", phone=3), "phone")


def test_an_exclusive_channel_has_one_whatever_the_capacity():
    assert not room(Policy(), holding("phone", phone=5), "phone")


@pytest.mark.parametrize(("hands", "fits"), [((), True), (("chat",), True), (("chat", "chat"), False)])
def test_loads_add_up_to_a_hundred_at_most(hands: tuple[str, ...], fits: bool):
    assert room(policy(chat={"load": 50}), holding(*hands), "chat") is fits


def test_a_load_of_a_hundredth_more_is_too_much():
    mixed = policy(chat={"load": 50}, email={"load": 51, "beside": ("chat",)})
    assert not room(mixed, holding("email"), "chat")
    assert room(policy(chat={"load": 50}, email={"load": 50, "beside": ("chat",)}), holding("email"), "chat")


def test_loads_count_across_channels():
    mixed = policy(chat={"load": 40}, email={"load": 30, "beside": ("chat",)})
    assert room(mixed, holding("chat", "email"), "chat") is False
    assert room(mixed, holding("email"), "chat")


def test_what_is_laid_aside_takes_no_attention():
    mixed = policy(phone={"load": 100}, email={"load": 60, "interrupted_by": ("phone",)})
    assert room(mixed, holding("email"), "phone")
    assert must_interrupt(mixed, holding("email"), "phone")
    assert not must_interrupt(mixed, holding(), "phone")
    assert not room(mixed, holding("phone"), "email")


def test_one_who_is_not_interruptible_stands_in_the_way_of_the_interruption():
    mixed = policy(email={"interrupted_by": ("phone",), "beside": ("chat",)})
    assert not room(mixed, holding("email", "chat"), "phone")


def test_an_agent_s_own_capacity_closes_a_channel():
    agent = holding(email=0)
    assert capacity_of(Policy(), agent, "email") == 0
    assert not room(Policy(), agent, "email")


def test_nobody_has_room_who_is_away_or_whose_phone_still_rings():
    assert not room(Policy(), replace(holding(), state="away"), "chat")
    assert not room(Policy(), replace(holding(), releasing={"e1": 5}), "chat")


def test_an_own_call_blocks_what_needs_the_whole_agent():
    busy = replace(holding(), devices={"phone": "busy"})
    assert not room(Policy(), busy, "email")
    assert room(Policy(), busy, "chat")
    assert room(replace(Policy(), channels={"x": ChannelRules(exclusive=False)}), busy, "x")
