"""The data that everything is measured on: demo data as Parquet files, and a workspace made from them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.wide_model import wide_model
from demo_data.generator import generate
from queries.dataset import DEFAULT_MODEL, model_in_use, open_flow, ready_models, save_model_in_use
from queries.engine import Engine
from queries.flow import Flow
from queries.importing import load_files
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.model import Model, Rule

SEED = 1
TABLES = ("leads", "accounts", "activities", "outcomes")
MODEL = ready_models()[DEFAULT_MODEL]
USUAL_ACTIVITIES = 18.7
"""Activities a lead of the demo data as they are."""


@dataclass(frozen=True)
class Size:
    """How large the data and the model are.

    Parameters
    ----------
    leads : int
    activities : int
        For each lead, more or less.
    is_wide : bool
        The model has 60 rules; else it is the B2B guideline, with 15.
    """

    leads: int
    activities: int = 20
    is_wide: bool = False

    @property
    def name(self) -> str:
        """The name of the data's folder, and of the size in the results."""
        return f"{self.leads}x{self.activities}{'-wide' if self.is_wide else ''}"

    @property
    def model(self) -> Model:
        """The model in use."""
        return wide_model(MODEL) if self.is_wide else MODEL

    def __str__(self) -> str:
        rules = len(self.model.enabled_rules)
        return f"{self.leads:,} leads, {self.activities} activities a lead, {rules} rules"


SMALL, MIDDLE, LARGE = Size(20_000), Size(100_000), Size(1_000_000)
WIDE = Size(200_000, 50, is_wide=True)
SIZES = (SMALL, MIDDLE, Size(200_000), LARGE, WIDE)
"""Of one whole run; the sessions tune at the middle one."""


@dataclass(frozen=True)
class Dataset:
    """A folder with ``files`` (Parquet, one a table) and ``workspace``."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, size: Size) -> Dataset:
        """Write the demo data and load them, each only where it is not there yet.

        The first cells are computed, so that what they are made from lies on disk.
        """
        data = cls(folder)
        if not data.files.exists():
            data._write_files(size)
        if data.workspace.manifest is None:
            load_files(data.workspace, [data.files])
            save_model_in_use(data.workspace, size.model)
        data.flow().cells(data.model)
        return data

    def _write_files(self, size: Size) -> None:
        # Under another name until all are there: a run that was ended leaves nothing that looks whole.
        partial = self.folder / "files.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, table in generate(size.leads, SEED, size.activities / USUAL_ACTIVITIES).items():
            pq.write_table(table, partial / f"{name}.parquet")
        partial.rename(self.files)

    @property
    def files(self) -> Path:
        """The folder of the Parquet files."""
        return self.folder / "files"

    @property
    def workspace(self) -> Workspace:
        """The workspace with the same data."""
        return Workspace.open(self.folder / "workspace")

    @property
    def model(self) -> Model:
        """The model in use, of which draft and moves are changes."""
        return model_in_use(self.workspace)

    def file(self, table: str) -> Path:
        """The Parquet file of a table."""
        return self.files / f"{table}.parquet"

    def flow(self) -> Flow:
        """The flow that a running dashboard has: what was computed once is there."""
        flow = open_flow(self.workspace)
        assert flow is not None
        return flow

    def new_flow(self) -> Flow:
        """A flow for which nothing was computed; whoever asks closes its engine."""
        manifest = self.workspace.manifest
        assert manifest is not None
        return Flow(Engine(self.workspace.data_path), StructureStore(), manifest.observed_until)


def with_rule(model: Model, rule_id: str, **changes: object) -> Model:
    """The model with one rule changed."""
    rules = tuple(rule.model_copy(update=changes) if rule.id == rule_id else rule for rule in model.rules)
    return model.model_copy(update={"rules": rules})


def draft_of(model: Model) -> Model:
    """The model with a point more for every rule; it counts nothing that the model does not."""
    return model.model_copy(update={"name": "Draft", "rules": tuple(map(_one_point_more, model.rules))})


def _one_point_more(rule: Rule) -> Rule:
    return rule.model_copy(update={"points": rule.points + 1})


DRAFT = draft_of(MODEL)
"""The draft of the guideline."""
