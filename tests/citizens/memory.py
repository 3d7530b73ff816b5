"""The citizens' store in memory: the twin of Redis's, held to it by one suite over both (`test_store.py`)."""

from __future__ import annotations

import bisect

from citizens.store import Change, Indexed, Seen

WIDTH, CLAIMS = 23, 16


class MemoryStore:
    """`citizens.store.Store`."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.rows: dict[str, list[bytes]] = {}
        self.times: dict[str, int] = {}
        self.log: list[Seen] = []

    async def get(self, names):
        return [self.values.get(name) for name in names]

    async def lists(self, names):
        return [list(self.rows.get(name, [])) for name in names]

    async def indexed(self, names):
        found = []
        for name in names:
            entry = self.values.get(name, b"")
            held = [entry[at : at + WIDTH - 1].decode() for at in range(0, len(entry), WIDTH)]
            known = {each: self.values[f"c:{each}"] for each in held if f"c:{each}" in self.values}
            found.append(Indexed(entry, known))
        return found

    async def swap(self, change: Change):
        if any(self.values.get(name) != old for name, old in change.expects.items()):
            return False
        for name, new in change.sets.items():
            self.rows.pop(name, None)
            self.values.pop(name, None)
            if new is not None:
                self.values[name] = new
        for name, lines in change.pushes.items():
            self.rows.setdefault(name, []).extend(lines)
        for name, held in change.holds.items():
            self._hold(name, held.encode())
        for name, citizen in change.drops:
            self._write(name, [each for each in self._held(name) if each[:-1] != citizen.encode()])
        for citizen, at in change.due.items():
            self.times.pop(citizen, None)
            if at is not None:
                self.times[citizen] = at
        return True

    async def swaps(self, changes):
        return [await self.swap(change) for change in changes]

    async def due(self, before_s, count):
        ordered = sorted((at, citizen) for citizen, at in self.times.items())
        return [citizen for _, citizen in ordered[: bisect.bisect(ordered, (before_s, "~"))][:count]]

    async def scan(self, cursor, count):
        names = sorted(self.times)[cursor : cursor + count]
        return (cursor + count if cursor + count < len(self.times) else 0), names

    async def count(self):
        return len(self.times)

    async def compact(self):
        pass

    async def saw(self, seen: Seen, keep_days):
        self.log.append(seen)

    async def seen(self, citizen, after, count):
        numbered = [(str(n), each) for n, each in enumerate(self.log) if citizen in ("", each.citizen)]
        return [(n, each) for n, each in reversed(numbered) if not after or int(n) < int(after)][:count]

    def _held(self, name):
        entry = self.values.get(name, b"")
        return [entry[at : at + WIDTH] for at in range(0, len(entry), WIDTH)]

    def _hold(self, name, held):
        row = self._held(name)
        former = next((each for each in row if each[:-1] == held[:-1]), b"")
        row = [each for each in row if each[:-1] != held[:-1]]
        row.append(former if former.endswith(b"!") else held)
        claims = [each for each in row if each.endswith(b"?")]
        forgotten = claims[: max(0, len(claims) - CLAIMS)]
        self._write(name, [each for each in row if each not in forgotten])

    def _write(self, name, row):
        self.values.pop(name, None)
        if row:
            self.values[name] = b"".join(row)
