"""What is neither text nor a plain file: a calendar invitation and Outlook's own wrapping, told in words.

Nothing is accepted, opened or unpacked.
"""

from __future__ import annotations

import re

from router.mail.plain import clean

FOLDED = re.compile(r"\n[ \t]")
WANTED = ("METHOD", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "STATUS", "DESCRIPTION")
LOOKED_AT = 100_000  # characters of a calendar
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".iso", ".lzh", ".arj")
RISKY = (
    ".exe", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".msi",
    ".lnk", ".jar", ".dll", ".reg", ".chm", ".html", ".htm", ".svg", ".xhtml", ".mht",
    ".docm", ".xlsm", ".pptm",
)  # fmt: skip


def invitation(text: str) -> str:
    """What an iCalendar text asks for, a line each, in the order of `WANTED`."""
    unfolded = FOLDED.sub("", clean(text[:LOOKED_AT]))
    found: dict[str, str] = {}
    for each in unfolded.split("\n"):
        name, colon, value = each.partition(":")
        key = name.partition(";")[0].strip().upper()
        if colon and key in WANTED and key not in found:
            found[key] = value.strip().replace("\\n", " ").replace("\\,", ",").replace("\\;", ";")[:500]
    return "\n".join(f"{key.capitalize()}: {found[key]}" for key in WANTED if key in found)


def note_of(name: str, kind: str) -> str:
    """A closed code for what an agent should know before saving it; empty: nothing."""
    lower = name.lower()
    if lower == "winmail.dat" or kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
        return "winmail"
    if lower.endswith(ARCHIVES) or "zip" in kind or "compressed" in kind:
        return "archive"
    if lower.endswith(RISKY):
        return "risky"
    return ""
