"""Reads one segment and proves every byte of it. It never writes, never guesses what a damaged byte was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from router.log.archive_errors import ArchiveError, Changed, Cut, NotAnArchive, Torn
from router.log.archive_format import (
    DIGEST,
    FORMAT,
    GENESIS,
    LONGEST,
    MAGIC,
    PREFACE,
    RECORD,
    TRAILER,
    About,
    Stamp,
    length_of,
    link,
    stamp,
)

SEALED, GROWING = ".garc", ".garc.open"


class Record(NamedTuple):
    """One entry as it was in the stream."""

    stamp: Stamp
    payload: bytes


class Segment:
    """One file, header proven. After all records were read: `sealed`, `digest` and `end` are final."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.growing = path.name.endswith(GROWING)
        self.sealed = False
        self.end = 0  # everything before this byte is proven
        self.count = 0
        self.last_at = 0
        self._file = path.open("rb")
        try:
            self.about, self.snapshot, self.digest = self._header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Segment:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def next_n(self) -> int:
        """The number of the entry that would come next."""
        return self.about.first_n + self.count

    def records(self) -> Iterator[Record]:
        """Every record, each proven before it is given. Ends at the seal, or at the end of a growing file."""
        while (payload := self._payload()) is not None:
            told = self._told(payload)
            self.count += 1
            self.last_at = told.at
            self.end = self._file.tell()
            yield Record(told, payload)

    def _payload(self) -> bytes | None:
        raw = self._file.read(RECORD.size)
        if not raw and self.growing:
            return None
        length = length_of(raw) if len(raw) == RECORD.size else None
        if length is None:
            raise self._short(raw) if len(raw) < RECORD.size else self._changed(0)
        if length == 0:
            self._trailer(raw)
            return None
        rest = self._file.read(length + DIGEST)
        if len(rest) < length + DIGEST:
            raise self._short(raw + rest)
        payload, digest = rest[:length], rest[length:]
        if link(self.digest, raw, payload) != digest:
            raise self._changed(length)
        self.digest = digest
        return payload

    def _trailer(self, raw: bytes) -> None:
        rest = self._file.read(TRAILER.size + DIGEST)
        if len(rest) < TRAILER.size + DIGEST:
            raise self._short(raw + rest)
        told, digest = rest[: TRAILER.size], rest[TRAILER.size :]
        if link(self.digest, raw, told) != digest or TRAILER.unpack(told) != (self.count, self.last_at):
            raise Changed(self.path, self.end, "the seal is not what was written")
        after = self._file.tell()
        if self._file.read(1):
            raise Changed(self.path, after, "there are bytes after the seal")
        self.digest, self.sealed, self.end = digest, True, after

    def _told(self, payload: bytes) -> Stamp:
        try:
            told = stamp(payload)
        except msgspec.MsgspecError as error:
            raise Changed(self.path, self.end, f"the record holds no entry ({error})") from None
        if told.n != self.next_n:
            raise Changed(self.path, self.end, f"entry {told.n} is where {self.next_n} belongs")
        return told

    def _short(self, raw: bytes) -> ArchiveError:
        """The file ends inside something: a crash does that to a growing segment, never to a sealed one."""
        if self.growing:
            return Torn(self.path, self.end, f"the last record is torn after {len(raw)} bytes")
        return Cut(self.path, self.end, "the sealed segment was cut: it ends without its seal")

    def _changed(self, length: int) -> ArchiveError:
        """Zeros to the end are no change: after a power cut a file may have grown before its bytes came.

        Where the digest belongs they cannot have been written.
        """
        if self.growing:
            self._file.seek(self.end + RECORD.size + length)
            rest = self._file.read(LONGEST)
            if len(rest) >= DIGEST and not rest.strip(b"\0"):
                return Torn(self.path, self.end, "the last record is torn: zeros to the end")
        return Changed(self.path, self.end, f"record {self.next_n} is not what was written")

    def _header(self) -> tuple[About, bytes, bytes]:
        preface = self._file.read(PREFACE.size)
        if not preface.startswith(MAGIC[: len(preface)]):
            raise NotAnArchive(self.path, 0, "this does not begin as an archive")
        if len(preface) < PREFACE.size:
            raise Cut(self.path, 0, "the header is not whole")
        _, version, told_length, snapshot_length = PREFACE.unpack(preface)
        if version != FORMAT:
            raise NotAnArchive(self.path, 8, f"format {version} is not known here")
        size = self.path.stat().st_size
        if PREFACE.size + told_length + snapshot_length + DIGEST > size:
            raise Cut(self.path, 0, "the header is longer than the file")
        told, snapshot = self._file.read(told_length), self._file.read(snapshot_length)
        digest = self._file.read(DIGEST)
        if link(GENESIS, preface, told, snapshot) != digest:
            raise Changed(self.path, 0, "the header is not what was written")
        self.end = self._file.tell()
        return msgspec.msgpack.decode(told, type=About), snapshot, digest
