"""Who may do what on the shipped Asterisk: softphones with a password, the manager with few classes."""

import stat

import pytest

from router.phone.agi_server import AgiServer
from router.phone.settings import AgiSettings
from tests.phone.sipp import Call, citizens, softphone
from tests.phone.standin import Standin

pytestmark = pytest.mark.asterisk


async def test_a_softphone_registers_and_calls_the_service(lab, folder):
    async with Standin(lab) as router:
        router.beat()
        assert await softphone(lab, folder, "1001", lab.secret("1001"))
        await router.heard(lambda event: event.get("UserEvent") == "GuichetWaiting")


async def test_a_softphone_without_its_password_is_refused(lab, folder):
    assert not await softphone(lab, folder, "1002", lab.secret("1001"))
    await citizens(lab, folder, [Call("3230", patience=500)], user="1002")
    assert not lab.record.exists(), "no call may have come through"


@pytest.mark.parametrize(
    "forbidden",
    [
        {"Action": "Command", "Command": "core show channels"},
        {"Action": "GetConfig", "Filename": "pjsip.conf"},
        {"Action": "Reload"},
        {
            "Action": "Originate",
            "Channel": "PJSIP/ag01",
            "Application": "System",
            "Data": "true",
            "Async": "true",
        },
        {"Action": "Setvar", "Variable": "SHELL(true)", "Value": "x"},
        {"Action": "Getvar", "Variable": "SHELL(id)"},
        {"Action": "DBPut", "Family": "a", "Key": "b", "Val": "c"},
    ],
    ids=lambda action: action["Action"],
)
async def test_the_router_may_not(lab, forbidden):
    async with Standin(lab) as router:
        router.act(**{"ActionID": "asked"} | forbidden)
        answer = await router.heard(lambda event: event.get("ActionID") == "asked")
        assert answer["Response"] == "Error", answer
        assert "uid=" not in str(answer)


async def test_no_event_tells_what_a_caller_sent_into_variables(lab, folder):
    async with Standin(lab) as router:
        router.beat()
        await softphone(lab, folder, "1001", lab.secret("1001"))
        await router.heard(lambda event: event.get("Event") == "Hangup")
        leg = {"Channel": "PJSIP/ag01", "Exten": "s", "Context": "guichet-agents", "Priority": "1"}
        router.act(Action="Originate", CallerID="Zoe <0601020304>", Timeout="300", Async="true", **leg)
        await router.heard(lambda event: event.get("Event") == "OriginateResponse")
        assert not {event.get("Event") for event in router.events} & {
            "VarSet",
            "Newexten",
            "DTMFBegin",
            "NewCallerid",
            "NewConnectedLine",
            "RTCPSent",
        }


@pytest.mark.parametrize("ours", [True, False], ids=["the dialplan's secret", "another"])
async def test_the_dialplan_proves_itself_and_a_port_that_believes_another_gets_no_call(lab, folder, ours):
    counted = []
    secret = lab.folder / "secrets" / "agi"
    if not ours:
        secret = folder / "agi"
        secret.write_text("0" * 32)
        secret.chmod(0o600)

    async def receive(agi):
        await agi.set_variable("GUICHET_CONTACT", "c-0000000000000001")
        await agi.set_variable("GUICHET_ROUTED", "wait")

    async with Standin(lab) as router:
        router.close_entry()
        router.beat()
        port = int(lab.agi.split(":")[1])
        server = AgiServer(AgiSettings(port=port, secret_file=str(secret)), receive, counted.append)
        await server.start()
        await citizens(lab, folder, [Call("3230", patience=1500)])
        await router.heard(
            lambda event: event.get("UserEvent") == ("GuichetWaiting" if ours else "GuichetFallback")
        )
        await server.stop()
    assert counted == ["served" if ours else "forged"]
    assert token_free(lab)


def token_free(lab) -> bool:
    """The secret is in no log, no record and no list of channels' events."""
    secret = lab.secret("agi").encode()
    return not any(secret in path.read_bytes() for path in (lab.folder / "log").rglob("*") if path.is_file())


def test_secrets_are_readable_by_their_owner_alone(lab):
    for path in [*(lab.folder / "secrets").iterdir(), *(lab.folder / "etc").iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len({lab.secret(name) for name in ("ami", "agi", "1001", "1002")}) == 4
