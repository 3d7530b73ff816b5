"""What every test run shares: a run in which no test passed is not green.

It must never hold fixtures of one room: those live beside their tests.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

# A timing never fails a test; a failure prints what repeats it. The examples are the same in every run: a
# green tree stays green. To look further, raise `max_examples`.
settings.register_profile("guichet", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("guichet")


class _Passed:
    """Counts the tests that really ran to their end."""

    count = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.count += 1

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK and not self.count and not session.config.option.collectonly:
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms that mostly wait come first: side by side, nobody waits for them at the end."""
    items.sort(key=lambda item: not any(item.iter_markers("asterisk")))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Passed(), "guichet-passed")
