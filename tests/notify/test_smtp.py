"""The mail client against a real SMTP server, and against servers that misbehave."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from router.notify.delivery import Delivery
from router.notify.smtp import Smtp, SmtpSettings
from tests.notify.mailbox import Mailbox, mailbox
from tests.notify.odd_server import odd_server, saying

pytestmark = pytest.mark.server

MARK = "Zorglub"


def letter(to: str = f"{MARK}@example.org", text: str = "Bonjour, ça va ?") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Guichet <guichet@agency.example>"
    message["To"] = to
    message["Subject"] = "Votre dossier"
    message["Message-ID"] = "<1@agency.example>"
    message.set_content(text)
    return message


def client(port: int, **more: object) -> Smtp:
    return Smtp(SmtpSettings("127.0.0.1", port, **{"security": "none", "timeout_s": 5.0, **more}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Self-signed, for 127.0.0.1."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as made:
        yield made


async def test_a_letter_arrives_as_it_was_written(box: Mailbox) -> None:
    assert await client(box.port).send(letter()) == Delivery("taken", "accepted")
    (taken,) = box.taken
    assert (taken.mail_from, taken.rcpt_tos) == ("guichet@agency.example", [f"{MARK}@example.org"])
    assert b"Message-ID: <1@agency.example>" in taken.content


async def test_nobody_as_sender_for_automatic_answers(box: Mailbox) -> None:
    assert (await client(box.port).send(letter(), sender="")).result == "taken"
    assert box.taken[0].mail_from in ("", "<>")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("550 no such user", "never"),
        ("552 message too big", "never"),
        ("452 mailbox full", "later"),
        ("421 shutting down", "later"),
        ("500 what?", "later"),  # it does not understand us: that may be mended
        ("530 log in first", "later"),
    ],
)
@pytest.mark.parametrize("at", ["DATA", f"{MARK}@example.org"])
async def test_permanent_and_temporary_failures_are_told_apart(
    box: Mailbox, answer: str, result: str, at: str
) -> None:
    box.answers[at] = answer
    said = await client(box.port).send(letter())
    assert (said.result, said.status) == (result, int(answer[:3]))
    assert not said.unsure
    assert not box.taken


async def test_one_recipient_refused_of_two(box: Mailbox) -> None:
    box.answers["b@example.org"] = "550 no such user"
    said = await client(box.port).send(letter("a@example.org, b@example.org"))
    assert said.result == "taken"
    assert [(each.address, each.permanent) for each in said.refused] == [("b@example.org", True)]
    assert "b@example.org" not in repr(said)


async def test_all_refused_some_only_for_now(box: Mailbox) -> None:
    box.answers |= {"a@example.org": "550 no", "b@example.org": "450 busy"}
    assert (await client(box.port).send(letter("a@example.org, b@example.org"))).result == "later"


@pytest.mark.parametrize(
    "to",
    ["a@example.org>\r\nRCPT TO:<x@evil.example", "<<a b>>@example.org", "no address", "", "a@b\0c"],
)
async def test_an_address_cannot_carry_a_command(box: Mailbox, to: str) -> None:
    said = await client(box.port).send(letter(), recipients=[to] if to else [])
    assert (said.result, box.taken) == ("never", []) or "RCPT" not in str(box.taken[0].rcpt_tos)


async def test_a_header_cannot_carry_another(box: Mailbox) -> None:
    """EmailMessage's own policy refuses it first; a laxer policy would not."""
    from email.policy import compat32

    message = EmailMessage(policy=compat32)
    message["From"], message["To"] = "a@agency.example", "b@example.org"
    message["Subject"] = "x\r\nBcc: evil@example.org"
    message.set_payload("x")
    assert await client(box.port).send(message) == Delivery("never", "unusable")
    assert not box.taken


async def test_starttls_with_login_from_a_file(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("right\n")
    async with mailbox(*certificate, login=True) as box:
        way = {"security": "starttls", "user": "guichet", "ca_file": str(certificate[0])}
        sent = await client(box.port, password_file=str(tmp_path / "secret"), **way).send(letter())
        assert sent.result == "taken", sent
        assert box.logins == ["guichet"]
        (tmp_path / "secret").write_text("wrong")
        refused = await client(box.port, password_file=str(tmp_path / "secret"), **way).send(letter())
        assert (refused.result, refused.code) == ("later", "login")
        absent = await client(box.port, password_file=str(tmp_path / "none"), **way).send(letter())
        assert (absent.result, absent.code) == ("later", "settings")


async def test_tls_from_the_first_byte(certificate: tuple[Path, Path]) -> None:
    async with mailbox(*certificate, tls=True) as box:
        assert (
            await client(box.port, security="tls", ca_file=str(certificate[0])).send(letter())
        ).result == "taken"
        unknown = await client(box.port, security="tls").send(letter())
        assert (unknown.result, unknown.code) == ("later", "certificate")


async def test_a_server_that_withholds_starttls_gets_nothing(box: Mailbox) -> None:
    said = await client(box.port, security="starttls").send(letter())
    assert (said.result, said.code) == ("later", "not_encrypted")
    assert not box.taken


async def test_cut_off_after_the_text_is_unsure(box: Mailbox) -> None:
    box.answers["DATA"] = "hang up"
    said = await client(box.port).send(letter())
    assert (said.result, said.unsure) == ("later", True)


async def test_nobody_there() -> None:
    async with odd_server(saying()) as port:
        pass
    assert await client(port).send(letter()) == Delivery("later", "unreachable")


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"HTTP/1.1 200 OK\r\n\r\n",),
        (b"\xff\xfe\x00garbage\r\n",),
        (b"554 go away\r\n",),
        (b"220 hello\r\n", b"999 what\r\n", b"999 what\r\n"),
        (b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"garbage\r\n"),
        (b"220 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"12\r\n"),
        (b"220 " + b"x" * 200_000 + b"\r\n",),
    ],
)
async def test_a_server_that_talks_nonsense_costs_a_later_try(parts: tuple[bytes, ...]) -> None:
    async with odd_server(saying(*parts)) as port:
        assert (await client(port).send(letter())).result == "later"


async def test_a_server_that_never_answers_is_left_in_time() -> None:
    async with odd_server(saying(b"220 hello\r\n", hold=30)) as port:
        said = await client(port, timeout_s=0.3).send(letter())
    assert (said.result, said.code) == ("later", "timeout")


async def test_nothing_personal_is_logged(box: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    box.answers[f"{MARK}@example.org"] = f"550 no such user {MARK}"
    said = await client(box.port).send(letter())
    ours = [record for record in caplog.records if record.name.startswith(("router", "aiosmtplib"))]
    assert MARK not in "".join(f"{record.getMessage()} {record.__dict__}" for record in ours)
    assert ours
    assert MARK not in repr(said)
