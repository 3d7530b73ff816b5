"""`guichet check` tries the mailbox and the mail server, and each finding has its mend."""

from __future__ import annotations

import pytest
from msgspec import structs

from config.mail import Imap, Mail
from config.notify import Smtp
from router.check.written import mail_server, mailbox

pytestmark = pytest.mark.server


async def test_what_answers_is_found_and_what_does_not_has_its_mend(servers, tmp_path):
    servers.box("checked")
    imap = Imap("127.0.0.1", "checked", str(servers.at / "password"), servers.imap, "none")
    mail = Mail("checked@guichet.test", imap)
    assert (await mailbox(mail)).mend == ""
    for change, word in (
        ({"folder": "Elsewhere"}, "imap.folder"),
        ({"port": servers.smtp}, "imap.port"),
        ({"password_file": str(tmp_path / "none")}, "password_file"),
    ):
        found = await mailbox(structs.replace(mail, imap=structs.replace(imap, **change)))
        assert word in found.mend
    (tmp_path / "wrong").write_text("wrong")
    wrong = structs.replace(imap, password_file=str(tmp_path / "wrong"))
    assert "password" in (await mailbox(structs.replace(mail, imap=wrong))).mend

    server = Smtp("127.0.0.1", servers.smtp, "none")
    assert (await mail_server(server)).mend == ""
    found = await mail_server(structs.replace(server, security="starttls"))
    assert "not_encrypted" in found.what
    assert found.mend
