"""A second start takes what was computed before from beside the workspace: the data are not asked again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from queries.dataset import ready_models
from queries.engine import Engine
from queries.flow import Flow
from queries.settings import Memory, parse_memory
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.cells import Cells

MODEL = ready_models()["b2b_guideline"]
READS_ACTIVITIES = ("activities", "outcomes", "leads")


@pytest.fixture(scope="module")
def workspace(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("second") / "workspace"
    shutil.copytree(demo_workspace.path, folder, ignore=shutil.ignore_patterns("computed"))
    return Workspace.open(folder)


class Start:
    """What a new process has: nothing in memory, and a count of the statements that it runs."""

    def __init__(
        self, workspace: Workspace, memory: Memory | None = None, folder: Path | None = None
    ) -> None:
        assert workspace.manifest is not None
        memory = memory or workspace.memory
        computed = folder or workspace.computed_path(workspace.manifest.version)
        self.engine = Engine(workspace.data_path, memory, computed)
        self.statements: list[str] = []
        fetch = self.engine.fetch
        self.engine.fetch = lambda statement, *rest: (
            self.statements.append(statement.sql) or fetch(statement, *rest)
        )  # type: ignore[method-assign]
        store = StructureStore(computed, memory.structures_bytes)
        self.flow = Flow(self.engine, store, workspace.manifest.observed_until)


def same(a: Cells, b: Cells) -> bool:
    return rows_of(a) == rows_of(b) and a.unscored_conversions.tolist() == b.unscored_conversions.tolist()


def rows_of(cells: Cells) -> list[tuple[object, ...]]:
    """The cells' rows, which may stand in any order."""
    columns = (
        cells.segment,
        cells.period,
        cells.score,
        cells.mature,
        cells.converted,
        cells.leads,
        cells.amount,
    )
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_a_second_start_asks_the_data_nothing_that_was_computed_before(workspace: Workspace) -> None:
    first = Start(workspace)
    cells = first.flow.cells(MODEL)
    second = Start(workspace)
    assert same(second.flow.cells(MODEL), cells)
    assert len(second.statements) < len(first.statements)
    for sql in second.statements:
        assert not [table for table in READS_ACTIVITIES if f" {table}" in sql.lower().replace("\n", " ")], sql
    first.engine.close()
    second.engine.close()


def test_a_changed_rule_is_the_only_one_that_a_second_start_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    rule = next(rule for rule in MODEL.rules if rule.source == "activity" and rule.window_days is not None)
    other = rule.model_copy(update={"window_days": rule.window_days + 1})
    changed = MODEL.model_copy(update={"rules": tuple(other if one is rule else one for one in MODEL.rules)})
    first = Start(workspace, folder=tmp_path)
    first.flow.cells(MODEL)
    before = {file.name for file in tmp_path.glob("*.parquet")}
    second = Start(workspace, folder=tmp_path)
    second.flow.cells(changed)
    added = {
        file.name.partition("-")[0]: file for file in tmp_path.glob("*.parquet") if file.name not in before
    }
    assert "counts" in added
    assert (
        len(list(tmp_path.glob("counts-*")))
        == len({name for name in before if name.startswith("counts-")}) + 1
    )
    assert "moments" not in added
    assert "labels" not in added
    first.engine.close()
    second.engine.close()


@pytest.mark.parametrize("amount", ["500MB", "2GB"])
def test_cells_are_the_same_whatever_the_memory(workspace: Workspace, tmp_path: Path, amount: str) -> None:
    usual = Start(workspace, folder=tmp_path / "usual")
    little = Start(workspace, parse_memory(amount, "here"), tmp_path / "little")
    assert same(little.flow.cells(MODEL), usual.flow.cells(MODEL))
    usual.engine.close()
    little.engine.close()
