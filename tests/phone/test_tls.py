"""The manager's link encrypted, on the real Asterisk, with a certificate made here: it is checked."""

import asyncio
import datetime
import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from router.phone import ami, ami_actions
from router.phone.settings import AmiSettings
from router.phone.wire import Wire
from tests.phone.lab import Lab, free_ports

pytestmark = pytest.mark.asterisk


def certify(folder, address="127.0.0.1"):
    """A certificate that vouches for itself, and its key, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "asterisk")])
    now = datetime.datetime.now(datetime.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ami.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ami.key").write_bytes(private)
    (folder / "ami.key").chmod(0o600)


async def logs_in(settings, secret, within=5.0):
    """Whether the link comes up, and then does something."""
    wire = Wire(settings, secret)
    wire.connect()
    try:
        async with asyncio.timeout(within):
            while not isinstance(await wire.events.get(), ami.LoggedIn):
                pass
        await wire.act(ami_actions.Setvar("GUICHET_RING", "12"))
    except TimeoutError:
        return False
    finally:
        wire.close()
        await asyncio.sleep(0)  # lets the transport close
    return True


async def test_the_link_is_encrypted_and_the_certificate_checked(folder, monkeypatch):
    [port] = free_ports(1)
    monkeypatch.setenv("AMI_TLS_PORT", str(port))
    certify(folder / "asterisk" / "secrets")
    certify(folder / "stranger")
    with Lab(folder / "asterisk") as lab:
        secret, host = lab.secret("ami"), lab.host
        trusted, other = folder / "asterisk" / "secrets" / "ami.crt", folder / "stranger" / "ami.crt"
        assert await logs_in(AmiSettings(host, port, ca_file=str(trusted)), secret)
        assert not await logs_in(AmiSettings(host, port, ca_file=str(other)), secret, within=1)
        assert not await logs_in(AmiSettings("localhost", port, ca_file=str(trusted)), secret, within=1)
        assert lab.complaints == "" or "SSL" in lab.complaints


def test_a_file_that_is_no_certificate_is_said_at_once(tmp_path):
    (tmp_path / "ca").write_text("no certificate")
    with pytest.raises(OSError, match=r"certificate|PEM|SSL"):
        Wire(AmiSettings(ca_file=str(tmp_path / "ca")), "secret")
