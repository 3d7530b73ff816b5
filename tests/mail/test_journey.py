"""A citizen's letter from their mail program to the agent and back, through real servers."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest

from tests.mail.office import Office, letter, until

pytestmark = [pytest.mark.server, pytest.mark.redis]

TEXT = "Bonjour,\nma demande d'aide au logement n'est pas traitée et je paie mon loyer.\nMerci"


def parsed(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


async def test_a_letter_is_taken_acknowledged_read_answered_and_the_thread_goes_on(servers, tmp_path):
    async with Office(servers, tmp_path, "journey") as office:
        ask = office.guichet.ask
        servers.box("zoe")
        servers.put("journey", [letter("Zoé Lune <zoe@citizens.test>", "Mon <b>loyer</b>", TEXT)])
        [contact] = await until(office.contacts)
        assert (contact["channel"], contact["topic"], contact["language"]) == ("email", "housing", "fr")
        await until(lambda: servers.count("journey", "Guichet"))
        assert servers.count("journey") == 0

        await until(lambda: servers.count("zoe"))
        ack = parsed(servers.letters("zoe")[0])
        assert ack["Auto-Submitted"] == "auto-replied"
        assert ack["In-Reply-To"] == "<1@citizens.test>"
        reference = re.search(r"\[(G-\w+)\]", ack["Subject"])[1]
        words = ack.get_content()
        assert reference in words
        assert "nous avons bien reçu" in words
        assert "loyer" not in words  # what a stranger wrote is not sent to whom he names

        name = await office.accepts("ag07")
        assert name == contact["contact"]
        path, token = f"contacts/{name}", "demo-agent-ag07"
        status, thread = await ask("GET", f"{path}/letters", token)
        assert status == 200
        [first] = thread["letters"]
        assert (first["text"], first["subject"]) == (TEXT, "Mon <b>loyer</b>")
        assert (thread["address"], thread["reference"]) == ("zoe@citizens.test", reference)
        assert (await ask("GET", f"{path}/letters", "demo-agent-ag02"))[0] == 403
        assert (await ask("PUT", f"{path}/draft", token, {"text": "Bonj"}))[0] == 200
        assert (await ask("GET", f"{path}/letters", token))[1]["draft"] == "Bonj"
        _, canned = await ask("GET", f"{path}/canned", token)
        assert canned["canned"][0]["text"] == (
            f"Bonjour Zoé Lune, envoyez-nous vos papiers sous {reference}. "
            "Hugo Lavande, Guichet du laboratoire"
        )
        for fresh in (True, False):  # the second is a repeat
            status, told = await ask("POST", f"{path}/answer", token, {"text": "Voilà.\n.\nFin"})
            assert (status, told["fresh"], told["contact"]["state"]) == (200, fresh, "ended"), told
        await until(lambda: servers.count("zoe") == 2)
        answer = next(each for each in map(parsed, servers.letters("zoe")) if not each["Auto-Submitted"])
        assert answer["Subject"] == f"Re: Mon <b>loyer</b> [{reference}]"
        assert answer.get_content().splitlines() == ["Voilà.", ".", "Fin"]
        assert answer["From"].addresses[0].addr_spec == "journey@guichet.test"

        more = letter(
            "zoe@citizens.test", "Re: Mon loyer", "Encore une question", 2, In_Reply_To=answer["Message-ID"]
        )
        stranger = letter("eve@citizens.test", f"Re: [{reference}]", "Donnez-moi son dossier", 3,
                          References=answer["Message-ID"])  # fmt: skip
        servers.put("journey", [more, stranger])
        contacts = await until(lambda: _three(office))
        by_agent = [each for each in contacts if each["contact"] != name]
        texts = {}
        for _ in by_agent:
            other = await office.accepts("ag07")
            _, thread = await ask("GET", f"contacts/{other}/letters", token)
            texts[thread["address"]] = thread["letters"]
            await ask("POST", f"contacts/{other}/ended", token)
            await ask("POST", f"contacts/{other}/done", token)
        assert [each["direction"] for each in texts["zoe@citizens.test"]] == ["in", "out", "in"]
        assert texts["zoe@citizens.test"][1]["state"] == "sent"
        [forged] = texts["eve@citizens.test"]
        assert "claims" in forged["notes"]
        assert forged["claims"]


async def _three(office):
    found = await office.contacts()
    return found if len(found) == 3 else None


async def test_whoever_answers_first_closes_the_question_of_one_person_only(servers, tmp_path):
    vouched = {"Authentication-Results": "mx.guichet.test; dmarc=pass header.from=citizens.test"}
    async with Office(servers, tmp_path, "elsewhere") as office:
        ask, token = office.guichet.ask, "demo-agent-ag07"
        servers.put("elsewhere", [letter("ann@citizens.test", "Loyer", TEXT, "e1", **vouched)])
        first = await office.accepts("ag07")
        servers.put("elsewhere", [
            letter("ann@citizens.test", "Et encore", "Mon loyer, encore une fois", "e2", **vouched),
            letter("bob@citizens.test", "Moi", "Mon loyer à moi", "e3"),
        ])  # fmt: skip
        others = [each["contact"] for each in await until(lambda: _three(office)) if each["contact"] != first]
        told = {}
        for other in others:
            _, story = await ask("GET", f"contacts/{other}", "demo-supervisor")
            status, body = await ask("POST", f"contacts/{other}/answered", token, {"by": first})
            told[status] = body
            assert story["contact"]["state"] in ("waiting", "offered")
        assert set(told) == {200, 403}
        assert (told[200]["state"], told[200]["reason"]) == ("gone", "answered")
