"""The reference of the metrics, made from the instruments: `python -m metrics.reference`. Decides nothing."""

from __future__ import annotations

from metrics.instruments import Instruments

HEAD = """\
# Metrics

Made by `python -m metrics.reference`; a test refuses a difference. `GET /metrics`, Prometheus' text format.

Every series carries the label `pool`; other labels take values of closed lists only, so the number of series
never grows. Counters count what this process has seen since its start; `rate` and `increase` bridge restarts.
A contact is counted once, as served, abandoned, fallback, or replaced where another has its place (a
call-back, the citizen's next call); the share answered is `served / (arrived - replaced)`, every attempt in
the denominator. `guichet_promise_*` is attained over promised: the share of contacts served within their
target, over the 80 % that are promised; 1 is as promised, NaN that nobody came. `GET /promises` of the API
names who is short. `metrics/dashboards` has a Grafana dashboard and alert rules.

| metric | kind | labels | is |
|---|---|---|---|
"""


def page(channels: tuple[str, ...]) -> str:
    """The page, whole."""
    rows = []
    for family in Instruments("main", channels).registry.collect():
        labels = sorted({name for sample in family.samples for name in sample.labels} - {"le", "pool"})
        name = family.name + ("_total" if family.type == "counter" else "")
        rows.append(f"| `{name}` | {family.type} | {', '.join(labels) or '–'} | {family.documentation} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    print(page(("phone",)), end="")
