"""The figures as Markdown. It computes ratios and nothing else."""

from __future__ import annotations

from pathlib import Path

from bench.phone.account import Part
from bench.phone.figures import Figures, at

WORDS = """# What a call costs: Guichet beside `app_queue`

Made by `python -m bench.phone`: run it to make this page again on your machine.

Both serve the same citizens on the same Asterisk, in turn, rate by rate, in one run: SIPp calls in,
fifty phones (SIPp as well) ring for 300 ms and then talk for a fixed time, sized so that the calls are
{share} % of what fifty agents can take. Calls arrive at their rate for {seconds:g} s, each delayed by 0
to 2 s more: a fixed rhythm would lock into the queue's poll. One language and one topic: no key is asked
on either side. `app_queue` runs with `autofill`, `ringinuse=no`, `retry=1`, `leastrecent`; Guichet with
its log on a Redis of its own, as shipped, and it runs only while it is measured. All agents are ready
when a run begins, so the first fifty calls meet somebody free and the others wait.

All is judged from outside, by Asterisk's channel event log: **next ring** is the time from when the
agent's last call had ended (and the caller was there) to the start of the agent's next leg; **free
ring** the time from the caller's arrival (the start of `Queue()`, or of `AGI()`: menu, vault, log and
decision are in it) to the leg of an agent who was free. **Answered/s** is (answered − 1) / (last − first
conversation), the **ceiling** 50 / (talk + ring); a short run that begins with fifty free agents can
pass it. **Wait** is arrival to conversation, ringing included. CPU is user and system time by `/proc`,
as a share of one core over the whole run, all children included. **Drift** is what Guichet's own
comparison with Asterisk's channels, each 5 s here and each 60 s at a site, found different.

"""
HEAD = (
    "| calls/s | who | answered | answered/s (of ceiling) | next ring p50 / p95 / max ms "
    "| free ring p50 / p95 ms | wait p50 / p95 s | CPU: Asterisk | Guichet + Redis | ratio | faults | drift |"
)


def table(rows: list[Figures]) -> str:
    """One line a run."""
    lines = [HEAD, "|" + "---|" * 12]
    for f in rows:
        asterisk, own = f.cpu.get("asterisk", 0.0), f.router_cpu
        guichet = f.subject != "app_queue"
        redis, python = (100 * f.cpu.get(name, 0.0) / f.wall for name in ("redis", "python"))
        lines.append(
            f"| {f.rate:g} | {f.subject} | {f.answered}/{f.calls} "
            f"| {f.per_second:.2f} ({f.share:.2f} of {f.ceiling:.2f}) "
            f"| {_ms(f.next_ring, 0.5, 0.95, 1.0)} | {_ms(f.free_ring, 0.5, 0.95)} "
            f"| {at(f.wait, 0.5) / 1000:.2f} / {at(f.wait, 0.95) / 1000:.2f} "
            f"| {100 * asterisk / f.wall:.1f} % "
            + (f"| {python:.1f} + {redis:.1f} % | {own / asterisk:.2f} " if guichet else "| | ")
            + f"| {len(f.faults)} | {f.drift or ('-' if guichet else '')} |"
        )
    return "\n".join(lines)


def heard(rows: list[Figures]) -> str:
    """What came of the sound: the share of packets is that of the worst conversation."""
    lines = [
        "| who | conversations | mute channels | worst from a citizen | worst from an agent "
        "| recordings | without a tone |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {f.subject} | {s.conversations} | {len(s.mute)} | {100 * s.citizens_share:.0f} % "
        f"| {100 * s.agents_share:.0f} % | {s.recordings} | {s.empty} |"
        for f in rows
        if (s := f.sound) is not None
    ]
    return "\n".join(lines)


def parts(rows: list[Part]) -> str:
    """The account, stop by stop."""
    lines = ["| stop | since the menu began, p50 ms | this part, p50 / p95 ms |", "|---|---|---|"]
    lines += [f"| {p.stop} | {p.since_start:.2f} | {p.part:.2f} / {p.part_p95:.2f} |" for p in rows]
    return "\n".join(lines)


def write(path: Path, words: dict[str, object], sections: list[str]) -> None:
    path.write_text(WORDS.format(**words) + "\n\n".join(sections) + "\n")


def _ms(values: list[float], *shares: float) -> str:
    return " / ".join(f"{at(values, share):.1f}" for share in shares) if values else "-"
