"""Machines that write to machines: two installations, reports of delivery, out-of-office storms."""

from __future__ import annotations

import pytest

from tests.mail.office import Office, letter, until

pytestmark = [pytest.mark.server, pytest.mark.redis]


@pytest.mark.timeout(180)
async def test_two_installations_stop_at_one_reply(servers, tmp_path):
    async with (
        Office(servers, tmp_path / "a", "ping") as ping,
        Office(servers, tmp_path / "b", "pong") as pong,
    ):
        servers.put(
            "ping", [letter("pong@guichet.test", "Bonjour", "Nous avons une question pour vous.", 77)]
        )
        await until(lambda: servers.count("pong", "Guichet-automatic") == 1, 60)
        assert (len(await ping.contacts()), len(await pong.contacts())) == (1, 0)
        assert await ping.figure("acknowledged") == 1
        assert await pong.figure("acknowledged") == 0
        assert await pong.figure("loop_stopped") == 1
        assert servers.count("ping", "Guichet-automatic") == 0


@pytest.mark.timeout(180)
async def test_reports_and_storms_make_no_contacts_and_no_answers(servers, tmp_path):
    async with Office(servers, tmp_path, "storm") as office:
        storm = [
            letter(f"away{number}@citizens.test", "Absent", "Je suis absent", f"s{number}",
                   Auto_Submitted="auto-replied")
            for number in range(100)
        ]  # fmt: skip
        servers.put("storm", storm)
        await until(lambda: servers.count("storm", "Guichet-automatic") == 100, 60)
        assert await office.contacts() == []

        # A citizen whose address does not exist: our answer comes back, and an agent hears of it.
        servers.put("storm", [letter("lost@nowhere.test", "Loyer", "Mon loyer et mon logement", "n1")])
        name = await office.accepts("ag07")
        path, token = f"contacts/{name}", "demo-agent-ag07"
        status, _ = await office.guichet.ask("POST", f"{path}/answer", token, {"text": "Voici la réponse."})
        assert status == 200
        await until(lambda: office.figure("bounced"), 60)
        again = await office.accepts("ag07")
        _, thread = await office.guichet.ask("GET", f"contacts/{again}/letters", token)
        assert "undelivered" in thread["letters"][-1]["notes"]
        assert again != name


@pytest.mark.timeout(120)
async def test_one_sender_is_not_acknowledged_for_ever(servers, tmp_path):
    async with Office(servers, tmp_path, "flood") as office:
        servers.put(
            "flood", [letter("f@citizens.test", f"Question {n}", f"La {n}e", f"f{n}") for n in range(20)]
        )
        await until(lambda: servers.count("flood", "Guichet") == 20, 60)
        assert len(await office.contacts()) == 20
        assert await office.figure("acknowledged") == 5
        assert await office.figure("loop_stopped") == 15
