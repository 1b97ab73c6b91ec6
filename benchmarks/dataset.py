"""The data that everything is measured on: demo data as Parquet files, and a workspace made from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from demo_data.generator import generate
from queries.dataset import DEFAULT_MODEL, open_flow, ready_models
from queries.engine import Engine
from queries.flow import Flow
from queries.importing import load_files
from queries.structures import StructureStore
from queries.workspace import Workspace
from scoring.model import Model, Rule

SEED = 1
TABLES = ("leads", "accounts", "activities", "outcomes")
MODEL = ready_models()[DEFAULT_MODEL]


@dataclass(frozen=True)
class Dataset:
    """A folder with ``files`` (Parquet, one a table) and ``workspace``."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, leads: int) -> Dataset:
        """Write the demo data and load them; the first cells are computed, so that they lie on disk."""
        data = cls(folder)
        data.files.mkdir(parents=True)
        for name, table in generate(leads, SEED).items():
            pq.write_table(table, data.file(name))
        load_files(data.workspace, [data.files])
        data.flow().cells(MODEL)
        return data

    @property
    def files(self) -> Path:
        """The folder of the Parquet files."""
        return self.folder / "files"

    @property
    def workspace(self) -> Workspace:
        """The workspace with the same data."""
        return Workspace.open(self.folder / "workspace")

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


def _one_point_more(rule: Rule) -> Rule:
    return rule.model_copy(update={"points": rule.points + 1})


DRAFT = MODEL.model_copy(update={"name": "Draft", "rules": tuple(map(_one_point_more, MODEL.rules))})
"""The model with other points for every rule; it counts nothing that the model does not."""
