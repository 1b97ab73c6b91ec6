"""The build sheet on the Models page, through AppTest."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.models import build_sheet as component
from queries.dataset import model_in_use
from queries.workspace import Workspace
from reports.build_sheet.products import sheet_for
from reports.build_sheet.writing import COLUMNS

PAGE = Path(__file__).parent.parent / "pages" / "models_page.py"


@pytest.fixture
def page(demo_workspace, tmp_path, monkeypatch):
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    monkeypatch.setenv("TIERLINE_WORKSPACE", str(folder))
    at = AppTest.from_file(PAGE, default_timeout=120).run()
    assert not at.exception
    return at, model_in_use(Workspace.open(folder))


def test_the_sheet_follows_the_choices(page, monkeypatch):
    at, model = page
    written = []
    content = component._content
    monkeypatch.setattr(component, "_content", lambda *keys: written.append(content(*keys)) or written[-1])
    at.radio(key="build_sheet_product").set_value("salesforce").run()
    at.radio(key="build_sheet_format").set_value("csv").run()
    assert not at.exception
    sheet = sheet_for("salesforce", model)
    assert any(sheet.summary.split(",")[0] in text.value for text in at.markdown)
    rows = list(csv.reader(io.StringIO(written[-1].decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row[1] for row in rows[1:]] == [line.key for line in sheet.lines]
