"""The benchmark of the engine runs and prints a row for each size."""

from __future__ import annotations

import sys

from bench.engine.__main__ import main


def test_a_row_for_each_size(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench.engine", "--agents", "4", "8", "--rounds", "3"])
    assert main() == 0
    said = capsys.readouterr().out.splitlines()
    rows = [row.split("|") for row in said if row.startswith("| busy |") or row.startswith("| calm |")]
    assert {row[2].strip() for row in rows} >= {"4", "8"}
