"""What one caller pressed, by what Asterisk tells of keys and of questions (AMI), in its own order.

While an AGI conversation is between two commands, Asterisk reads the caller's keys and drops them: they were
meant for the question that was about to be put. So what is told of outside a question is kept for the next,
and what is told of inside one, that question heard. Asterisk tells late: a question may be out already when
the key that answers it is told of (`due`). A key sent by SIP INFO outside a question is told of as it begins,
and heard once more as it ends, untold, by a question that has begun since. Nothing pressed is dropped but
what the caller did not mean. Pure: no clock, no I/O; it keeps a key until it is taken.
"""

from __future__ import annotations

from asyncio import Event
from typing import NamedTuple

from msgspec import Struct, field

ON = "A"  # Guichet sends it when an agent is free
END = "B"  # Guichet sends it to a question that is answered already
HASH = "#"
SAME_S = 0.1  # Asterisk tells of a press again each time it puts it back, every 20 ms; no finger is so fast
TWICE_S = 0.2  # two keys so close are one press of a shaky finger, and no yes
OWN_S = 0.5  # what Guichet sent before this conversation may be told of for so long
ECHO_S = 1.0  # from a key's beginning, told of, to its end: no finger stays longer
MOST = 64  # keys that are kept


class Press(NamedTuple):
    """`echoes`: told of outside a question, which may hear its end."""

    key: str
    at: float
    echoes: bool = True


class Keys(Struct):
    """`press`, `begins` and `over` are what Asterisk tells; `ask`, `heard` and `take` what the flow does."""

    began: float = 0.0
    pressed: list[Press] = field(default_factory=list)
    before: int = 0  # how many of them were pressed before the question began
    during: list[str] = field(default_factory=list)  # told of since it began
    listens: bool = False
    asked: int = 0  # questions put
    begun: int = 0  # of these, told of as begun
    ended: int = 0  # told of as over
    most: int = 0  # keys that answer the question that is out; 0: none is
    sent: bool = False  # it was told to end
    hashes: int = 0  # sent for that, and not told of yet
    echoes: list[Press] = field(default_factory=list)  # taken, and perhaps heard once more
    told: dict[str, float] = field(default_factory=dict)  # when each key was told of last
    freed: bool = False  # an agent is free
    answered: float = -1.0  # when the last key that was taken had been pressed
    news: Event = field(default_factory=Event)

    # ---- what Asterisk tells

    def press(self, key: str, now: float, at: float) -> None:
        """This key was pressed, `at` by Asterisk's own clock."""
        self.news.set()
        if key == ON:
            self.freed = self.freed or now - self.began > OWN_S
            return
        again = abs(at - self.told.get(key, -1.0)) < SAME_S
        self.told[key] = at
        if key == HASH and self.hashes:
            self.hashes -= 1
        elif key != END and (not again or self._moved(key)):
            self._keep(key, now)

    def _keep(self, key: str, now: float) -> None:
        if self.listens:
            self.during.append(key)
        elif len(self.pressed) < MOST:
            self.pressed.append(Press(key, now))

    def _moved(self, key: str) -> bool:
        """Told of again elsewhere than the last time, which was put back and does not count."""
        if self.listens and self.before and self.pressed[self.before - 1].key == key:
            self.before -= 1
            del self.pressed[self.before]
            return True
        if not self.listens and key in self.during:
            self.during.remove(key)
            return True
        return False

    def begins(self) -> None:
        """A question listens from here on."""
        self.news.set()
        self.begun += 1
        self.listens, self.before = True, len(self.pressed)
        self.during.clear()

    def over(self) -> None:
        """It listens no more."""
        self.news.set()
        self.ended += self.listens
        self.listens = False

    def due(self) -> str:
        """The key that ends the question that is out: what it asks for was pressed before it began."""
        if not self.listens or self.sent or not self.most or self.begun != self.asked:
            return ""
        early = [press.key for press in self.pressed[: self.before]]
        complete = len(early) + len(self.during) >= self.most or (self.most > 1 and HASH in early)
        self.sent = self.freed or bool(early and complete)
        if self.sent and self.most > 1:
            self.hashes += 1
        return "" if not self.sent else END if self.most == 1 else HASH

    # ---- what the flow does

    def ask(self, most: int) -> None:
        """A question of up to so many keys, those pressed already among them, is about to be put."""
        self.asked += 1
        self.most, self.sent = most, False

    def unsure(self, keyed: str) -> bool:
        """Whether what the question heard may be an echo: Asterisk has still to tell."""
        known = {press.key for press in (*self.pressed, *self.echoes)}
        return self.ended < self.asked and any(key in known and key not in self.during for key in keyed)

    def heard(self, keyed: str, now: float, *, full: bool) -> None:
        """The question is over and heard this: after what was pressed before, ahead of what came since."""
        most, self.most = self.most, 0
        place = self.before if self.begun == self.asked else len(self.pressed)
        if self.sent:
            keyed = keyed.replace(HASH, "")
        meant = [Press(key, now, echoes=False) for key in keyed if self._meant(key, now)]
        short = bool(keyed) and not full and place + len(meant) < most
        if short and HASH not in (*keyed, *self._early(place)):
            meant.append(Press(HASH, now, echoes=False))
        self.pressed[place:place] = meant

    def _early(self, place: int) -> list[str]:
        return [press.key for press in self.pressed[:place]]

    def _meant(self, key: str, now: float) -> bool:
        """A press of its own, and not the end of one that is known."""
        if key in (ON, END):
            return False
        if key in self.during:
            self.during.remove(key)
            return True
        if any(press.key == key and press.echoes for press in self.pressed):
            return False
        for press in self.echoes:
            if press.key == key and now - press.at < ECHO_S:
                self.echoes.remove(press)
                return False
        return True

    @property
    def early(self) -> int:
        """How many keys there are for a question that is not put yet.

        None by an Asterisk that has not told of a question: then it may tell of keys that one has heard.
        """
        return len(self.pressed) if self.begun else 0

    def complete(self, most: int) -> bool:
        """Whether they answer a question of up to so many keys."""
        return self.early >= most or (self.early > 0 and most > 1 and HASH in self._early(MOST))

    def take(self, most: int) -> str:
        """The answer that was pressed."""
        taken = ""
        while self.pressed and len(taken) < most:
            press = self._first()
            self.answered = press.at
            if press.echoes:
                self.echoes = [*self.echoes[-MOST:], press]
            if press.key == HASH and most > 1:
                return taken or HASH
            taken += press.key
        return taken

    def drop_twice(self) -> None:
        """Presses that follow the one before so fast that nobody meant them."""
        while self.pressed and 0 <= self.pressed[0].at - self.answered < TWICE_S:
            self._first()

    def drop_hash(self) -> None:
        """A # that ended what was complete without it."""
        while self.pressed and self.pressed[0].key == HASH:
            self._first()

    def forget(self) -> None:
        """What was pressed after a wrong answer was meant for elsewhere."""
        while self.pressed:
            self._first()

    def _first(self) -> Press:
        self.before = max(0, self.before - 1)
        return self.pressed.pop(0)
