"""From the configuration's words to the notify port's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.notify.smtp import SmtpSettings

if TYPE_CHECKING:
    from config.notify import Smtp


def smtp_settings(smtp: Smtp) -> SmtpSettings:
    """The mail server; secrets stay names of files."""
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        user=smtp.user or "",
        password_file=str(smtp.password_file or ""),
        ca_file=str(smtp.ca_file or ""),
        name=smtp.name,
        timeout_s=smtp.timeout_s,
    )
