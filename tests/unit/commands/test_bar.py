"""The progress bar: on a terminal alone, with what is left at the pace so far."""

import io
import sys

from router.commands.bar import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_tells_how_much_is_done_and_about_how_long_it_takes(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    step = bar(2, "days")
    assert "0/2 days" in screen.getvalue()
    assert "left" not in screen.getvalue()  # no pace is known yet
    step()
    assert "1/2 days, about" in screen.getvalue()
    step()
    assert screen.getvalue().endswith("2/2 days\x1b[K\n")


def test_where_nobody_looks_it_says_nothing(monkeypatch):
    page = io.StringIO()
    monkeypatch.setattr(sys, "stderr", page)
    bar(1, "days")()
    assert page.getvalue() == ""
