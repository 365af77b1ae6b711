"""What all tests share: the reference data, and the rule that a required test may not be skipped."""

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REQUIRE_ALL = os.environ.get("HASHCLIENT_REQUIRE_ALL") == "1"
"""Set in CI: every test has to run, so a skip is a failure."""

# Nothing is timed in tests: a slow machine is no bug. CI repeats the same examples, so that a red run can be rerun.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if REQUIRE_ALL else "here")

# A shell that starts the tests in the background has them ignore Ctrl-C, and every program they start would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["LANGUAGE"] = "C"  # tests compare English words, whatever the language of the machine

if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has one core; threads of numpy would spin on the others'
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Give the folder of reference data made by others, which is not part of this repository."""
    folder = os.environ.get("HASHCLIENT_VECTORS")
    if not folder:
        pytest.skip("HASHCLIENT_VECTORS is not set: it names the folder of reference data")
    if not Path(folder).is_dir():
        pytest.fail("HASHCLIENT_VECTORS names no folder")
    return Path(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is required."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped although HASHCLIENT_REQUIRE_ALL is set: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole file into a failure where everything is required."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = "a file was skipped although HASHCLIENT_REQUIRE_ALL is set"
    return report
