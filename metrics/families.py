"""Makes the series of one pool in an own registry, every one from the start, so that none is added later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Sequence

# a `_created` series beside each counter doubles the page and says nothing new
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Families:
    """Names begin with `guichet_`; a series has the label `pool` and one more at most, of closed values."""

    def __init__(self, pool: str) -> None:
        self.registry = CollectorRegistry()
        self._pool = pool

    def counters(self, name: str, about: str, label: str, values: Sequence[str]) -> dict[str, Counter]:
        family = Counter(f"guichet_{name}", about, ("pool", label), registry=self.registry)
        return {value: family.labels(self._pool, value) for value in values}

    def gauges(self, name: str, about: str, label: str, values: Sequence[str]) -> dict[str, Gauge]:
        family = Gauge(f"guichet_{name}", about, ("pool", label), registry=self.registry)
        return {value: family.labels(self._pool, value) for value in values}

    def histograms(
        self, name: str, about: str, label: str, values: Sequence[str], buckets: Sequence[float]
    ) -> dict[str, Histogram]:
        family = Histogram(f"guichet_{name}", about, ("pool", label), registry=self.registry, buckets=buckets)
        return {value: family.labels(self._pool, value) for value in values}

    def counter(self, name: str, about: str) -> Counter:
        return Counter(f"guichet_{name}", about, ("pool",), registry=self.registry).labels(self._pool)

    def gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"guichet_{name}", about, ("pool",), registry=self.registry).labels(self._pool)

    def histogram(self, name: str, about: str, buckets: Sequence[float]) -> Histogram:
        family = Histogram(f"guichet_{name}", about, ("pool",), registry=self.registry, buckets=buckets)
        return family.labels(self._pool)
