"""deploy/asterisk/private when things are in its way: each fault has its mend, nothing is left running."""

import os
import subprocess

import pytest

from tests.phone.lab import PRIVATE, Lab

ARCHIVE = """\
case "$*" in
  *"update --print-uris"*)
    . /etc/os-release; echo "'http://archive.invalid/debian/dists/$VERSION_CODENAME/InRelease' x" ;;
  *update*) {update} ;;
  *--print-uris*) echo "'http://archive.invalid/asterisk.deb' asterisk_1%3a{version}_amd64.deb 1 x" ;;
  *download*) {download} ;;
esac
"""


def private(*words, path=None, **environment) -> subprocess.CompletedProcess:
    env = os.environ | environment
    if path:
        env["PATH"] = f"{path}:{env['PATH']}"
    return subprocess.run(
        [PRIVATE, *map(str, words)], env=env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def tools(tmp_path):
    """A folder of programs that stand before the real ones: `tools(name, script)`."""
    folder = tmp_path / "tools"
    folder.mkdir()

    def tool(name: str, script: str):
        (folder / name).write_text(f"#!/bin/bash\n{script}")
        (folder / name).chmod(0o755)
        return folder

    return tool


def test_help_teaches_and_a_wrong_word_is_wrong_use():
    assert "start DIR HOST" in private("--help").stdout
    assert private("frob").returncode == 2
    assert "usage: private start DIR HOST" in private("start", "x").stderr


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        ("E: The repository 'x' does not have a Release file.", "GUICHET_SUITE"),
        ("W: NO_PUBKEY 6ED0E7B82643E131", "debian-archive-keyring"),
        ("E: Failed to fetch x  403  Forbidden", "refused"),
        ("E: Could not resolve 'archive.invalid'", "no way to the mirror"),
        ("E: write (28: No space left on device)", "free 500 MB"),
    ],
)
def test_an_archive_that_cannot_be_read_has_its_mend(tools, tmp_path, said, mend):
    path = tools(
        "apt-get", ARCHIVE.format(update=f'echo "{said}" >&2; exit 100', version="22.1", download=":")
    )
    done = private("install", path=path, GUICHET_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert said in done.stderr
    assert mend in done.stderr.split("Mend:")[1]


def test_another_major_version_is_an_error(tools, tmp_path):
    path = tools("apt-get", ARCHIVE.format(update=":", version="23.1.0+dfsg", download=":"))
    done = private("install", path=path, GUICHET_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert "carries Asterisk 23.1.0+dfsg, Guichet is made for 22" in done.stderr


def test_no_mirror_no_disk_no_folder(tools, tmp_path):
    cache = str(tmp_path / "cache")
    assert (
        "set GUICHET_MIRROR"
        in private("install", path=tools("apt-get", "exit 1"), GUICHET_CACHE=cache).stderr
    )
    short = private("install", path=tools("df", "echo Avail; echo 12"), GUICHET_CACHE=cache)
    assert "500 MB are needed" in short.stderr
    assert "cannot write to" in private("install", GUICHET_CACHE="/proc/nowhere").stderr
    assert "set GUICHET_CACHE" in private("versions", GUICHET_CACHE="", XDG_CACHE_HOME="", HOME="").stderr
    assert (
        "Mend: private install" in private("start", tmp_path / "x", "127.0.0.1", GUICHET_CACHE=cache).stderr
    )


@pytest.mark.asterisk
def test_what_is_installed_is_said_and_not_fetched_again(tools):
    path = tools("apt-get", "echo must not be called >&2; exit 1")
    pair = [subprocess.Popen([PRIVATE, "install"], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert all("is installed" in process.communicate(timeout=60)[0] for process in pair)
    assert private("install", path=path).returncode == 0
    first, *packages = private("versions").stdout.splitlines()
    assert first.startswith("Asterisk 22.")
    assert len(packages) > 100
    assert all(len(line.split()[0]) == 64 and line.endswith(".deb") for line in packages)


@pytest.mark.asterisk
@pytest.mark.parametrize("port", ["SIP_PORT", "AMI_PORT"])
def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(lab, folder, port):
    other = Lab(folder / "other")
    taken = {"SIP_PORT": lab.sip_port, "AMI_PORT": lab.ami_port}[port]
    ports = {"SIP_PORT": str(other.sip_port), "AMI_PORT": str(other.ami_port), port: str(taken)}
    done = private("start", other.folder, "127.0.0.1", **ports)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "choose others with SIP_PORT, AMI_PORT" in done.stderr
    assert "not running" in private("stop", other.folder).stdout
    assert "no Asterisk runs" in private("cli", other.folder, "core", "show", "version").stderr


@pytest.mark.asterisk
def test_one_folder_has_one_instance_and_a_killed_one_starts_again(lab):
    secret = lab.secret("ami")
    again = private("start", lab.folder, "127.0.0.1")
    assert again.returncode == 1
    assert "already runs" in again.stderr
    lab.run("kill", lab.folder)
    lab.run("start", lab.folder, lab.host)
    assert lab.secret("ami") == secret, "a restart keeps the secrets that others have read"
    assert "Asterisk 22." in lab.cli("core", "show", "version")


@pytest.mark.parametrize("folder", ["a;b", "a#b", "x" * 90])
def test_a_folder_asterisk_could_not_use_is_refused(tmp_path, folder, tools):
    cache = tmp_path / "cache" / "asterisk"
    binary = cache / "root" / "usr" / "sbin" / "asterisk"
    binary.parent.mkdir(parents=True)
    binary.touch(0o755)
    (cache / "manifest").write_text("Asterisk 22.0")
    done = private("start", tmp_path / folder, "127.0.0.1", GUICHET_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert "choose a" in done.stderr
