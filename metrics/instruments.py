"""The instruments Prometheus reads: labels from closed lists, never an id, no series added after the start.

Counters count what this process has seen since it started; Prometheus' `rate` and `increase` bridge restarts.
Durable counts are the log's: the page and `GET /contacts` show those.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from prometheus_client import generate_latest

from metrics.families import Families
from metrics.labels import (
    AGENT_STATES,
    BATCH_BUCKETS,
    CHAT,
    DRIFT,
    MAIL,
    NOTICES,
    OFFER_BUCKETS,
    OUTCOMES,
    PHONE,
    REFUSALS,
    RESULTS,
    STATUS_CLASSES,
    WAIT_BUCKETS,
    WORK_BUCKETS,
    known,
)
from metrics.promise import Kept, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Instruments:
    """One pool's instruments. Channels, topics, languages are closed lists; the rest is `other`."""

    def __init__(
        self, pool: str, channels: Iterable[str], topics: Iterable[str] = (), languages: Iterable[str] = ()
    ) -> None:
        make = Families(pool)
        self.registry = make.registry
        self._channels = (*channels, "other")
        each = ("channel", self._channels)
        self._arrived = make.counters("contacts_arrived", "Contacts accepted on the log", *each)
        self._served = make.counters("contacts_served", "Contacts first connected to an agent", *each)
        self._abandoned = make.counters("contacts_abandoned", "Contacts gone before they were served", *each)
        self._fallback = make.counters("contacts_fallback", "Contacts the native queue took instead", *each)
        self._replaced = make.counters(
            "contacts_replaced", "Contacts whose place another took: a call-back, or the next call", *each
        )
        self._wait = make.histograms("wait_seconds", "First arrival until served", *each, WAIT_BUCKETS)
        self._waiting = make.gauges("contacts_waiting", "Contacts waiting now", *each)
        self._longest = make.gauges("longest_wait_seconds", "Longest wait of those waiting now", *each)
        lists = {"channel": channels, "topic": topics, "language": languages}
        self._classes = {by: (*dict.fromkeys(names), "other") for by, names in lists.items()}
        self._promise = {
            by: make.gauges(f"promise_by_{by}", "Share in time over that promised, last hour", by, names)
            for by, names in self._classes.items()
        }
        self._spread = make.gauges("promise_spread", "Best class less worst, of the same", "by", tuple(lists))
        self._agents = make.gauges("agents", "Agents by state", "state", AGENT_STATES)
        self._idle = make.gauge("agents_idle", "Agents ready with nothing in hand")
        self._offers = make.histograms(
            "offer_seconds", "From offer to its outcome", "outcome", OUTCOMES, OFFER_BUCKETS
        )
        self._outcomes = make.counters(
            "outcomes", "What gateways say came of withdrawals, releases and controls", "result", RESULTS
        )
        self._refused = make.counters("events_refused", "Inbox events not applied", "code", REFUSALS)
        self._phone = make.counters("phone", "What the phone gateway met", "what", PHONE)
        self._chat = make.counters("chat", "What the chat gateway met", "what", CHAT)
        self._notices = make.counters("notices", "What became of messages to citizens", "what", NOTICES)
        self._drift = make.counters(
            "phone_drift", "Differences between Asterisk and the state that nothing explains", "kind", DRIFT
        )
        self._mail = make.counters("mail", "What the mail gateway met", "what", MAIL)
        self._http = make.counters("http_responses", "Answers over HTTP", "status", STATUS_CLASSES)
        self._poisoned = make.counter("events_poison", "Events put aside because a step failed")
        self._epoch = make.gauge("owner_epoch", "Epoch in which this process owns the pool, 0 if it does not")
        self._step = make.histogram("step_seconds", "One step of the core, mean of its batch", WORK_BUCKETS)
        self._append = make.histogram("append_seconds", "One append to the log", WORK_BUCKETS)
        self._batch = make.histogram("append_events", "Events in one append", BATCH_BUCKETS)
        self._lag = make.histogram("loop_lag_seconds", "How late the event loop woke up", WORK_BUCKETS)
        self._age = make.gauge("last_append_age_seconds", "Since an append last returned")
        self._entries = make.gauge("log_entries", "Number of the last log entry")
        self._listeners = make.gauge("live_listeners", "Open live sockets")

    def arrived(self, channel: str) -> None:
        self._arrived[known(channel, self._channels)].inc()

    def served(self, channel: str, waited: float) -> None:
        """`waited`: seconds from first arrival."""
        channel = known(channel, self._channels)
        self._served[channel].inc()
        self._wait[channel].observe(max(0.0, waited))

    def abandoned(self, channel: str) -> None:
        self._abandoned[known(channel, self._channels)].inc()

    def fallback(self, channel: str) -> None:
        self._fallback[known(channel, self._channels)].inc()

    def replaced(self, channel: str) -> None:
        self._replaced[known(channel, self._channels)].inc()

    def offer_closed(self, outcome: str, lasted: float) -> None:
        """`lasted`: seconds. An outcome beyond the list is a withdrawal."""
        self._offers[known(outcome, OUTCOMES, "withdrawn")].observe(max(0.0, lasted))

    def outcome(self, result: str) -> None:
        """A gateway said what came of an effect."""
        self._outcomes[known(result, RESULTS, "unknown")].inc()

    def refused(self, code: str) -> None:
        self._refused[known(code, REFUSALS)].inc()

    def phone(self, what: str) -> None:
        """For the phone gateway: one of `labels.PHONE`."""
        self._phone[known(what, PHONE)].inc()

    def chat(self, what: str) -> None:
        """For the chat gateway: one of `labels.CHAT`."""
        self._chat[known(what, CHAT)].inc()

    def notified(self, way: str, result: str) -> None:
        """For the notify port: what became of a try; `failed`: of a message by all its ways."""
        self._notices[known("failed" if result == "failed" else f"{way}_{result}", NOTICES)].inc()

    def drifted(self, kind: str) -> None:
        """For the phone gateway: one of `labels.DRIFT`."""
        self._drift[kind].inc()

    def mail(self, what: str) -> None:
        """For the mail gateway: one of `labels.MAIL`."""
        self._mail[known(what, MAIL)].inc()

    def answered(self, status: int) -> None:
        """An HTTP answer went out."""
        self._http[known(f"{status // 100}xx", STATUS_CLASSES, "5xx")].inc()

    def appended(self, events: int, step_seconds: float, append_seconds: float) -> None:
        """For the owner: a batch was stepped and appended; no events: the append only kept the lease."""
        self._append.observe(append_seconds)
        if events:
            self._step.observe(step_seconds / events)
            self._batch.observe(events)

    def poisoned(self) -> None:
        """For the owner: an event could not be stepped and was put aside."""
        self._poisoned.inc()

    def reigns(self, epoch: int) -> None:
        """For the owner: this process owns the pool since this epoch; 0: it does not."""
        self._epoch.set(epoch)

    def lagged(self, seconds: float) -> None:
        self._lag.observe(max(0.0, seconds))

    def waiting(self, now: dict[str, tuple[int, float]]) -> None:
        """Channel -> how many wait, and the longest wait in seconds. Channels not named have none."""
        for channel in self._channels:
            count, longest = now.get(channel, (0, 0.0))
            self._waiting[channel].set(count)
            self._longest[channel].set(longest)

    def promises(self, by: str, classes: Mapping[str, Kept]) -> None:
        """Channel, topic or language -> what was kept. NaN where nobody came: no alert compares with that."""
        sums = dict.fromkeys(self._classes[by], Kept(0, 0))
        for name, each in classes.items():
            label = known(name, self._classes[by])
            sums[label] = Kept(sums[label].decided + each.decided, sums[label].kept + each.kept)
        for label, each in sums.items():
            ratio = each.over_promised
            self._promise[by][label].set(math.nan if ratio is None else ratio)
        widest = spread(classes)
        self._spread[by].set(math.nan if widest is None else widest)

    def agents(self, by_state: dict[str, int], idle: int) -> None:
        for state in AGENT_STATES:
            self._agents[state].set(by_state.get(state, 0))
        self._idle.set(idle)

    def entries(self, count: int) -> None:
        self._entries.set(count)

    def log_age(self, seconds: float) -> None:
        """Since an append last returned: the alert to have."""
        self._age.set(seconds)

    def listeners(self, count: int) -> None:
        self._listeners.set(count)

    def exposition(self) -> bytes:
        """What Prometheus reads, in its text format."""
        return generate_latest(self.registry)
