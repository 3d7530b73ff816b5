"""One Dovecot and one Exim for all tests of a worker; each test has boxes of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.servers import MailServers


@pytest.fixture(scope="session")
def servers() -> Iterator[MailServers]:
    lab = MailServers()
    try:
        lab.box("sink")
        lab.start_dovecot()
        lab.start_exim()
        yield lab
    finally:
        lab.close()
