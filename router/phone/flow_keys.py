"""What one caller pressed while no question was there to hear it, by what Asterisk tells of every key (AMI).

While an AGI conversation is between two commands, Asterisk reads the caller's keys and drops them: they were
meant for the question that was about to be put. What a question heard is the question's word alone: Asterisk
tells of a press twice at times, or of none. Pure: no clock, no I/O; it keeps a key until it is taken.
"""

from __future__ import annotations

from msgspec import Struct, field

ON = "A"  # Guichet sends it when an agent is free
HASH = "#"
SAME_S = 0.1  # Asterisk tells of a press again each time it puts it back, every 20 ms; no finger is so fast
TWICE_S = 0.2  # two keys so close are one press of a shaky finger, and no yes
OWN_S = 0.5  # what Guichet sent before this conversation may be told of for so long
OWED_S = 2.0  # what a question heard may be told of so much later
MOST = 64  # keys that are kept


class Keys(Struct):
    """`press` is what Asterisk tells; between `begin` and `end` a question listens itself."""

    began: float = 0.0
    pressed: list[tuple[str, float]] = field(default_factory=list)
    reading: bool = False
    during: set[str] = field(default_factory=set)  # told of while the question listened
    owed: tuple[str, float] = ("", 0.0)  # the question heard it; it is still to be told, until then
    told: dict[str, float] = field(default_factory=dict)  # when each key was told of last
    freed: bool = False  # an agent is free
    answered: float = -1.0  # when the last key that was taken had been pressed

    def press(self, key: str, now: float, at: float) -> None:
        """Asterisk says that this key was pressed, `at` by its own clock."""
        if key == ON:
            self.freed = self.freed or now - self.began > OWN_S
            return
        again = abs(at - self.told.get(key, -1.0)) < SAME_S
        self.told[key] = at
        if again:
            return
        if self.reading:
            self.during.add(key)
        elif key == self.owed[0] and now < self.owed[1]:
            self.owed = ("", 0.0)
        elif len(self.pressed) < MOST:
            self.pressed.append((key, now))

    def begin(self) -> None:
        """A question listens from now on."""
        self.reading = True
        self.during.clear()

    def over(self) -> None:
        """It listens no more; what it heard is not known yet."""
        self.reading = False

    def heard(self, keys: str, now: float) -> None:
        """What it heard: after what was pressed before it, and before what was pressed since."""
        last = keys[-1:]
        if last and last not in self.during:
            since = [number for number, (key, _) in enumerate(self.pressed) if key == last]
            if since:
                del self.pressed[since[-1]]
            else:
                self.owed = (last, now + OWED_S)

    def complete(self, most: int) -> bool:
        """Whether what was pressed answers a question of up to so many keys."""
        pressed = [key for key, _ in self.pressed]
        return len(pressed) >= most or (most > 1 and HASH in pressed)

    def take(self, most: int) -> str:
        """The answer that was pressed."""
        taken = ""
        while self.pressed and len(taken) < most:
            key, self.answered = self.pressed.pop(0)
            if key == HASH and most > 1:
                break
            taken += key
        return taken

    def drop_twice(self) -> None:
        """Presses that follow the one before so fast that nobody meant them."""
        while self.pressed and 0 <= self.pressed[0][1] - self.answered < TWICE_S:
            self.pressed.pop(0)

    def drop_hash(self) -> None:
        """A # that ended what was complete without it."""
        while self.pressed and self.pressed[0][0] == HASH:
            self.pressed.pop(0)
