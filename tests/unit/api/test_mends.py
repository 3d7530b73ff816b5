"""Every reason that the phone gives for what it did not do has a sentence that says what to do."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from router.api.mends import MENDS, problem_of
from router.api.outcomes import Known
from router.phone import said

PHONE = Path(said.__file__).parent


def reasons() -> set[str]:
    """The constants given to `failed` and `answer`, and what becomes of actions."""
    found = {str(result) for result in get_args(said.Result)} - {"done"}
    for path in PHONE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="failed") | ast.Name(id="answer" | "failed"), args=[*_, last]
                ):
                    found |= {
                        part.value
                        for part in ast.walk(last)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    }
    return found - {"", "done", "failed"}


def test_each_reason_has_its_mend() -> None:
    assert {"absent", "not_now", "unsent"} <= reasons()
    assert reasons() - set(MENDS) == set()


@pytest.mark.parametrize(
    ("known", "status", "reason"),
    [
        (Known("failed", "busy"), 502, "busy"),
        (Known("failed", ""), 502, "other"),
        (Known("failed", "of tomorrow"), 502, "other"),
        (Known("unknown", "of tomorrow"), 504, "unknown"),
        (None, 504, "no_answer"),
    ],
)
def test_what_is_known_decides_the_status(known: Known | None, status: int, reason: str) -> None:
    problem = problem_of(known)
    assert problem is not None
    assert (problem.status, problem.reason, problem.detail) == (status, reason, MENDS[reason])


def test_what_was_done_is_no_problem() -> None:
    assert problem_of(Known("done")) is None
