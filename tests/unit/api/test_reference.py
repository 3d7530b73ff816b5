"""The reference page is what the code says."""

from __future__ import annotations

from pathlib import Path

from router.api.reference import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"


def test_the_page_is_made_from_the_code():
    mend = "run: python -m router.api.reference > docs/reference/api.md"
    assert PAGE.read_text("utf-8") == page() + "\n", mend
