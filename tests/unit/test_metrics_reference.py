"""The reference of the metrics says what the instruments say."""

from __future__ import annotations

from pathlib import Path

from metrics.reference import page


def test_the_reference_of_the_metrics_is_made_from_the_code():
    written = (Path(__file__).parents[2] / "docs" / "reference" / "metrics.md").read_text()
    assert written == page(("phone",)), "run: python -m metrics.reference > docs/reference/metrics.md"
