"""The lint of a site's Asterisk files: the shipped ones pass, and each rule has a broken copy that fails."""

import re
import shutil
from pathlib import Path

import pytest

from router.asterisk_lint import lint
from router.asterisk_lint.files import read
from router.cli import main

SHIPPED = Path(__file__).parents[3] / "deploy" / "asterisk" / "etc"
VALUES = {"HOST": "127.0.0.1", "AGI": "127.0.0.1:4573", "AMI_TLS": "no"}


@pytest.fixture
def etc(tmp_path):
    """The shipped files, filled as `private start` fills them."""
    folder = tmp_path / "etc"
    shutil.copytree(SHIPPED, folder)
    for path in folder.glob("*.conf"):
        path.write_text(
            re.sub("@([A-Z_0-9]+)@", lambda place: VALUES.get(place[1], "5038"), path.read_text())
        )
        path.chmod(0o600)
    return folder


def rules(folder, *, warnings=False):
    return [fault.rule for fault in lint(folder) if warnings or not fault.warning]


def test_the_shipped_files_pass_filled_and_unfilled(etc):
    assert [*lint(etc)] == []
    assert [*lint(SHIPPED)] == []


BROKEN = [
    ("live-dangerously", "asterisk.conf", "live_dangerously = no", "live_dangerously = yes"),
    ("ami-classes", "manager.conf", "write = call,", "write = command,call,"),
    ("ami-classes", "manager.conf", "read = call,user,agent,system", "read = all"),
    ("ami-classes", "manager.conf", "read = call,user,", "read = call,"),
    ("ami-acl", "manager.conf", "permit = 127.0.0.0/255.0.0.0", ""),
    ("ami-acl", "manager.conf", "deny = 0.0.0.0/0.0.0.0", ""),
    ("ami-acl", "manager.conf", "permit = 127.0.0.0/255.0.0.0", "permit = 0.0.0.0/0.0.0.0"),
    ("ami-open", "manager.conf", "bindaddr = 127.0.0.1", "bindaddr = 0.0.0.0"),
    ("ami-open", "manager.conf", "bindaddr = 127.0.0.1", ""),
    ("ami-open", "manager.conf", "bindaddr = 127.0.0.1", "bindaddr = 10.0.0.5"),
    ("ami-writetimeout", "manager.conf", "writetimeout = 5000", ""),
    ("ami-missing", "manager.conf", "[guichet]", "[other]"),
    ("caller-expanded", "extensions.conf", "Answer()", "Set(X=${CALLERID(name)})"),
    ("caller-expanded", "extensions.conf", "Answer()", "Dial(PJSIP/${PJSIP_HEADER(read,X-To)})"),
    ("caller-expanded", "extensions.conf", "Answer()", 'ExecIf($["${CALLERID(num)}" = "1"]?Answer())'),
    ("system-expanded", "extensions.conf", "Answer()", "System(/bin/echo ${UNIQUEID})"),
    ("system-expanded", "extensions.conf", "Answer()", "Set(X=${SHELL(date)})"),
    ("exten-unfiltered", "extensions.conf", "[guichet-closed]",
     "[x]\nexten => _X.,1,Dial(PJSIP/${EXTEN:1})\n[guichet-closed]"),
    ("exten-unfiltered", "extensions.conf", "FILTER(a-z0-9_\\-.,${EXTEN})", "TOUPPER(${EXTEN})"),
    ("context-missing", "extensions.conf", "[guichet-closed]", "[closed]"),
    ("context-missing", "extensions.conf", "[guichet-ring]", "[ring]"),
    ("heartbeat-missing", "extensions.conf", " same => n,Gosub(guichet-beat,s,1)\n", ""),
    ("heartbeat-missing", "extensions.conf", "n(check),Gosub(guichet-beat,s,1)", "n(check),NoOp()"),
    ("agiexitonhangup-missing", "extensions.conf", " same => n,Set(AGIEXITONHANGUP=yes)\n", ""),
    ("timeout-missing", "extensions.conf", "Set(TIMEOUT(absolute)=8)", "NoOp()"),
    ("timeout-missing", "extensions.conf", "Set(TIMEOUT(absolute)=8)", "Set(TIMEOUT(absolute)=900)"),
    ("timeout-missing", "extensions.conf", "exten => T,1", "exten => t,1"),
    ("receipt-untested", "extensions.conf", '"${GUICHET_ROUTED}" = "wait"', '"${AGISTATUS}" = "SUCCESS"'),
    ("menu-missing", "extensions.conf", "AGI(agi://", "NoOp(agi://"),
    ("queue-missing", "extensions.conf", "Queue(guichet-fallback", "NoOp(guichet-fallback"),
    ("queue-missing", "queues.conf", "[guichet-fallback]", "[fallback]"),
    ("queue-rings-in-use", "queues.conf", "ringinuse = no", "ringinuse = yes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "file", "old", "new"), BROKEN, ids=lambda value: value if "-" in value[:9] else ""
)
def test_a_broken_copy_fails_by_its_rule_and_no_other(etc, rule, file, old, new):
    text = (etc / file).read_text()
    assert old in text
    (etc / file).write_text(text.replace(old, new, 1))
    assert set(rules(etc)) == {rule}


def test_a_secret_that_others_may_read_is_found(etc):
    (etc / "manager.conf").chmod(0o644)
    assert rules(etc) == ["secrets-readable"]
    (etc / "manager.conf").chmod(0o640)
    (etc / "guichet_agi.conf").chmod(0o604)
    assert rules(etc) == ["secrets-readable"]


def test_without_the_token_there_is_a_note(etc):
    path = etc / "extensions.conf"
    path.write_text(path.read_text().replace(",${SHA1(${UNIQUEID}:${GLOBAL(GUICHET_AGI_SECRET)})}", ""))
    assert rules(etc) == []
    assert rules(etc, warnings=True) == ["token-missing"] * 3


def test_a_caller_s_number_reduced_to_digits_may_be_used(etc):
    path = etc / "extensions.conf"
    path.write_text(path.read_text().replace("Answer()", "Set(X=${FILTER(0-9,${CALLERID(num)})})", 1))
    assert rules(etc) == []


def test_comments_includes_and_templates_are_read_as_asterisk_does(tmp_path):
    (tmp_path / "a.conf").write_text(
        "[t](!) ; a template\nx = 1 ; \\; no\n;-- [gone]\ny = 2 --; z = \\;3\n[b](t)\n#include b.conf\n"
        '#tryinclude "../../out.conf"\n#exec /bin/date\n'
    )
    (tmp_path / "b.conf").write_text("w => 4\n#include a.conf\n")
    sections = read(tmp_path, "a.conf")
    assert set(sections) == {"t", "b"}
    assert (sections["t"].says("x"), sections["t"].says("y"), sections["t"].says("z")) == ("1", "", "\\;3")
    assert sections["b"].says("x") == "1"
    assert sections["b"].last("w").where == "b.conf:1"


def test_the_command_prints_the_line_and_its_mend(etc, capsys):
    assert main(["check", "--asterisk", str(etc)]) == 0
    assert capsys.readouterr().out == f"ok    asterisk: {etc}\n"
    path = etc / "asterisk.conf"
    path.write_text(path.read_text().replace("live_dangerously = no", "live_dangerously = yes"))
    number = path.read_text().splitlines().index("live_dangerously = yes") + 1
    assert main(["check", "--asterisk", str(etc)]) == 1
    said = capsys.readouterr().out
    assert f"BAD   asterisk.conf:{number}: live-dangerously: " in said
    assert "mend: live_dangerously = no" in said
    assert main(["check", "--asterisk", str(etc.parent)]) == 2
