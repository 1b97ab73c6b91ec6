"""A model that does not fit the data keeps nobody from hearing what is wrong with the data."""

import json

from click.testing import CliRunner

from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.importing import load_files
from queries.inspection import inspect_model
from queries.workspace import Workspace
from scoring.model_file import format_model


def foreign_workspace(folder):
    """Leads that the default model does not fit, a column that knows the outcome, two outcomes of nobody."""
    leads = ["lead_id,created_at,signed_contract"]
    outcomes = ["lead_id,occurred_at,stage"]
    for number in range(400):
        won = number % 4 == 0
        leads.append(f"L{number},2024-{1 + number % 12:02d}-03,{'yes' if won else ''}")
        outcomes.append(f"L{number},2025-01-15,{'won' if won else 'lost'}")
    outcomes += ["X1,2025-01-15,won", "X2,2025-01-15,lost"]
    (folder / "leads.csv").write_text("\n".join(leads))
    (folder / "outcomes.csv").write_text("\n".join(outcomes))
    workspace = Workspace.open(folder / "workspace")
    load_files(workspace, [folder / "leads.csv", folder / "outcomes.csv"])
    return workspace


def check(*options):
    return CliRunner().invoke(main, ["check", *map(str, options)])


def test_the_check_speaks_about_the_data_although_the_model_in_use_does_not_fit(tmp_path):
    workspace = foreign_workspace(tmp_path)
    result = check("--workspace", workspace.path, "--json")
    assert result.exit_code == 0
    findings = json.loads(result.stdout)["findings"]
    kinds = {finding["kind"] for finding in findings}
    assert {"model", "orphans", "leak"} <= kinds
    assert findings[0]["kind"] == "model"
    leak = next(finding for finding in findings if finding["kind"] == "leak")
    assert leak["field"] == "signed_contract"


def test_a_model_that_is_asked_for_by_name_must_fit(tmp_path):
    workspace = foreign_workspace(tmp_path)
    other = tmp_path / "model.toml"
    other.write_text(format_model(model_in_use(workspace)))
    result = check("--workspace", workspace.path, "--model", other)
    assert result.exit_code == 2
    assert "rule 'pricing_page': field must be a column of activities" in result.stderr


def test_every_misfit_is_an_error_of_its_own(tmp_path):
    workspace = foreign_workspace(tmp_path)
    found = inspect_model(open_flow(workspace), model_in_use(workspace))
    misfits = [finding for finding in found if finding.kind == "model"]
    assert len(misfits) > 3
    assert {finding.severity for finding in misfits} == {"error"}
    assert len({finding.message for finding in misfits}) == len(misfits)
