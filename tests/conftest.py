"""What many tests need: a workspace with demo data."""

import functools
import importlib
import os
import shutil
import sys

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from demo_data.generator import generate
from queries.importing import load_tables
from queries.workspace import Workspace

DEMO_LEADS = 3000
MAIN = sys.modules["__main__"]
LONGEST_FIRST = (
    "test_semantics.py",
    "test_account_semantics.py",
    "test_tune_page.py",
    "test_data_page.py",
    "test_console_vectors.py",
    "test_build_sheets.py",
    "test_levels.py",
    "test_concurrency.py",
    "test_registry_crashes.py",
    "test_benchmarks.py",
)
"""A file is one worker's: what takes minutes must not be begun when the other workers are about to end."""

# Hypothesis mixes constants of whichever modules are imported into its examples; a seeded run would then
# depend on the tests that ran before it. With none of them it is the same run everywhere.
providers._get_local_constants = lambda: providers._local_constants
# A loaded machine is slow, not wrong; and a case that fails must fail again.
settings.register_profile(
    "tierline",
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("tierline")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: while one waits for a browser or a server, another one works."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """AppTest looks through every installed package whenever it opens a page: a quarter of the time."""
    if "streamlit.testing.v1" in sys.modules:
        scanner = importlib.import_module("streamlit.components.v2.manifest_scanner")
        scanner.scan_component_manifests = functools.cache(scanner.scan_component_manifests)


def pytest_collection_modifyitems(items) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory) -> Workspace:
    """Demo data of 3,000 leads; shared, so a test that writes copies the folder first."""
    workspace = Workspace.open(tmp_path_factory.mktemp("demo"))
    load_tables(workspace, generate(DEMO_LEADS, seed=1))
    return workspace


@pytest.fixture
def workspace(demo_workspace, tmp_path, monkeypatch) -> Workspace:
    """A copy of it that a test may write to, which the dashboard opens; no draft was tried in it yet."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace.path, folder, ignore=shutil.ignore_patterns("trials.json"))
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
    return Workspace.open(folder)


@pytest.fixture(scope="session")
def wins_only(tmp_path_factory) -> Workspace:
    """Demo data of 1,000 leads in which sales wrote down nothing but wins; shared likewise."""
    workspace = Workspace.open(tmp_path_factory.mktemp("wins_only"))
    tables = dict(generate(1000, seed=1))
    tables["outcomes"] = tables["outcomes"].filter(pc.field("stage") == "won")
    load_tables(workspace, tables)
    return workspace


@pytest.fixture(autouse=True)
def own_main_module():
    """What AppTest leaves as the main module would be run by every process that is started later."""
    sys.modules["__main__"] = MAIN
    yield
    sys.modules["__main__"] = MAIN
