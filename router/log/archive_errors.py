"""What can be wrong with an archive, each with the byte it was found at and the mend. It mends nothing."""

from __future__ import annotations

from pathlib import Path


class ArchiveError(Exception):
    """Something is wrong with an archive, at `offset` of `path`."""

    mend = ""

    def __init__(self, path: Path, offset: int, what: str, mend: str = "") -> None:
        super().__init__(f"{path.name}, byte {offset}: {what} (mend: {mend or self.mend})")
        self.path = path
        self.offset = offset


class NotAnArchive(ArchiveError):
    """The file does not begin as a segment of a format known here."""

    mend = "look at a .garc file written by this version of Guichet or an older one"


class Changed(ArchiveError):
    """A digest does not fit the bytes: they are not those that were written."""

    mend = "restore this file from a copy; entries before this byte are proven, none after it"


class Cut(ArchiveError):
    """A sealed segment, or a header, ends before its end."""

    mend = "restore this file from a copy; entries before this byte are proven"


class Torn(ArchiveError):
    """The segment that is still growing ends inside a record: its writer died, or is writing just now.

    Every entry before it is proven, and was given. What is missing is still in the log.
    """

    mend = "none is needed: the next start of Guichet cuts the torn record and writes it again from the log"


class Missing(ArchiveError):
    """A segment does not follow the one before it, or cannot be read without one that is not there."""

    mend = "restore the segments in between from a copy"


class Busy(ArchiveError):
    """Another process writes this pool's archive in this folder."""

    mend = "stop the other one, or give this one a folder of its own"


class OtherLog(ArchiveError):
    """The archive and the log in Redis do not tell the same story."""

    mend = "give Redis back its own directory, or move this archive to another folder: a new one is begun"
