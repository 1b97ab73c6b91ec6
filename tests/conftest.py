"""What many tests need: a workspace with demo data."""

import pytest

from demo_data.generator import generate
from queries.importing import load_tables
from queries.workspace import Workspace

DEMO_LEADS = 3000


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory) -> Workspace:
    """Demo data of 3,000 leads; shared, so a test that writes copies the folder first."""
    workspace = Workspace.open(tmp_path_factory.mktemp("demo"))
    load_tables(workspace, generate(DEMO_LEADS, seed=1))
    return workspace
