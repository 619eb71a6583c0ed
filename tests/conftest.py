"""What holds for every test: no network, repeatable examples, a loud word on what is left out."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.spread import Together, spread

ROOT = Path(__file__).resolve().parent.parent

# The same examples each time, of which `make quick` takes a quarter;
# `--hypothesis-profile search` looks for new ones.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("repeatable"), max_examples=25)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("repeatable")


@cache
def _why_no_spark() -> str | None:
    """Return why tests on Spark cannot run here, or nothing when they can."""
    if importlib.util.find_spec("pyspark") is None:
        return "PySpark is not installed"
    java = shutil.which("java")
    if java is None:
        return "Java is not installed"
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', version)
    if found is None or int(found[1]) < 17:
        return "Java is older than 17"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here, and begin with what takes longest."""
    spread(items)
    for item in items:
        if item.get_closest_marker("spark") and (why := _why_no_spark()):
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together | None:
    """Keep together what shares a file, a run or a server."""
    if config.getoption("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which tests on Spark were left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    names = sorted({r.nodeid for r in skipped if "spark" in r.keywords})
    if names:
        terminalreporter.section(f"LEFT OUT: {len(names)} tests on Spark ({_why_no_spark()})", "!")
        for name in names:
            terminalreporter.line(name)


def _is_this_machine(host: str) -> bool:
    if host in {"localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def at_home(self: socket.socket, address: tuple[object, ...] | str | bytes) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert isinstance(address, tuple)
            host = str(address[0])
            if not _is_this_machine(host):
                raise OSError(f"a test wanted to reach {host}; tests need no network")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", at_home)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def examples() -> Path:
    """Return the folder of the examples that ship with the project."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def library() -> Path:
    """Return the folder of the programmes that ship inside the package."""
    return ROOT / "src" / "kaogong" / "programmes"
