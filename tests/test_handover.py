"""Hand-over lists: the right leads, harmless cells, and nobody's address unless asked for."""

from __future__ import annotations

import csv
from datetime import datetime

import pyarrow as pa
import pyarrow.csv
import pytest
from click.testing import CliRunner

import queries.handover
from commands.main import main
from queries.dataset import model_in_use, open_flow
from queries.errors import QueryError
from queries.handover import ListForm, swap_list_now, tier_list
from queries.handover_columns import attribute_columns
from queries.importing import load_tables
from queries.personal import personal_columns, personal_content, personal_name
from queries.score_table import score_table
from queries.workspace import Workspace
from scoring.model_file import format_model

START = datetime(2025, 1, 1)
END = datetime(2025, 6, 1)


@pytest.fixture(scope="module")
def flow(demo_workspace):
    return open_flow(demo_workspace)


@pytest.fixture(scope="module")
def model(demo_workspace):
    return model_in_use(demo_workspace)


@pytest.fixture(scope="module")
def draft(model):
    """Another reading of the same leads: a lower threshold and a dearer click."""
    tiers = (*model.tiers[:-1], model.tiers[-1].model_copy(update={"threshold": 80}))
    rules = tuple(
        rule.model_copy(update={"points": 12 if rule.id == "email_click" else rule.points})
        for rule in model.rules
    )
    return model.model_copy(update={"name": "Draft", "tiers": tiers, "rules": rules})


@pytest.fixture
def people(tmp_path):
    """A workspace whose leads have personal columns under honest and misleading names."""
    count = 60
    first = ["Ada", "Björn", "Chloé", "Dmitri", "Eve", "Farid"]
    last = [
        "Lovelace",
        "O'Neill",
        "Dupont",
        "Ivanov",
        "Smith-Jones",
        "Haddad",
        "Kim",
        "Okafor",
        "Rossi",
        "Novak",
    ]
    ids = [f"L{number}" for number in range(count)]
    leads = pa.table(
        {
            "lead_id": ids,
            "created_at": pa.array([START] * count, pa.timestamp("us")),
            "work_email": [f"p{number}@shop.example" for number in range(count)],
            "contact": [f"{first[n % 6]} {last[n // 6]}" for n in range(count)],
            "reach": [f"+49 170 {1_000_000 + number}" for number in range(count)],
            "notes": ["=cmd()", "call back, ada@shop.example"] + ["@home"] * (count - 2),
            "job_title": ["Head of Buying", "-1"] * (count // 2),
            "revenue": [str(1_000_000 + number) for number in range(count)],
            "signed": [f"2025-01-{1 + number % 28:02d}" for number in range(count)],
        }
    )
    activities = pa.table(
        {
            "lead_id": ids[:20],
            "occurred_at": pa.array([datetime(2025, 5, 1)] * 20, pa.timestamp("us")),
            "activity_type": ["contact_form"] * 20,
            "page": ["/"] * 20,
            "channel": ["form"] * 20,
        }
    )
    outcomes = pa.table(
        {
            "lead_id": ["L59"],
            "occurred_at": pa.array([END], pa.timestamp("us")),
            "stage": ["won"],
            "owner": ["=Desk"],
        }
    )
    folder = Workspace.open(tmp_path / "people")
    load_tables(folder, {"leads": leads, "activities": activities, "outcomes": outcomes})
    return folder


@pytest.fixture(scope="module")
def simple(model):
    """A model on activities alone, which any data have."""
    rules = tuple(rule for rule in model.rules if rule.id == "contact_form")
    return model.model_copy(update={"rules": rules})


def test_a_tiers_list_holds_exactly_its_open_leads(flow, model):
    scores = score_table(flow, model).to_pydict()
    for place, tier in enumerate(model.tiers):
        end = model.tiers[place + 1].threshold if place + 1 < len(model.tiers) else 10**6
        wanted = {
            lead: score
            for lead, score in zip(scores["lead_id"], scores["score"], strict=True)
            if tier.threshold <= score < end
        }
        found = tier_list(flow, model, tier.name)
        table = pa.concat_tables(found.parts())
        assert found.leads == table.num_rows == len(wanted)
        assert dict(zip(table["lead_id"].to_pylist(), table["score"].to_pylist(), strict=True)) == wanted
        assert table["score"].to_pylist() == sorted(table["score"].to_pylist(), reverse=True)
        assert set(table["tier"].to_pylist()) <= {tier.name}


def test_the_swap_list_holds_exactly_the_leads_that_change_tier(flow, model, draft):
    def tiers(one):
        scores = score_table(flow, one).to_pydict()
        named = [
            max((t.threshold, t.name) for t in one.tiers if t.threshold <= s)[1] for s in scores["score"]
        ]
        return dict(zip(scores["lead_id"], zip(scores["score"], named, strict=True), strict=True))

    old, new = tiers(model), tiers(draft)
    wanted = {
        lead: (*old[lead], *new[lead]) for lead in old.keys() & new.keys() if old[lead][1] != new[lead][1]
    }
    rows = pa.concat_tables(swap_list_now(flow, model, draft).parts()).to_pylist()
    found = {r["lead_id"]: (r["score_before"], r["tier_before"], r["score"], r["tier"]) for r in rows}
    assert found == wanted
    assert len(rows) == len(wanted) > 20
    gained = [row["score"] - row["score_before"] for row in rows]
    assert gained == sorted(gained, reverse=True)


def test_parts_make_the_same_list_as_one(flow, model, monkeypatch):
    whole = pa.concat_tables(tier_list(flow, model, "MQL").parts())
    monkeypatch.setattr(queries.handover, "ROWS_AT_ONCE", 7)
    parts = list(tier_list(flow, model, "MQL").parts())
    assert len(parts) > 3
    assert pa.concat_tables(parts).equals(whole)


def test_personal_columns_are_recognised_by_name_and_by_content(people):
    found = personal_columns(open_flow(people))
    assert set(found) == {"work_email", "contact", "reach", "notes"}
    assert found["work_email"] == "its name says so"
    assert found["contact"] == "it holds what looks like people's names"
    assert found["reach"] == "it holds phone numbers"
    assert found["notes"] == "it holds e-mail addresses"


def test_demo_leads_have_no_personal_column(flow):
    assert not personal_columns(flow)


@pytest.mark.parametrize(
    "name", ["Email", "EMAIL_ADDRESS", "e_mail", "LastName", "Mobile Phone", "contact name"]
)
def test_usual_names_of_personal_columns(name):
    assert personal_name(name)


@pytest.mark.parametrize(
    "name", ["source", "company_name", "Campaign Name", "email_domain", "skip", "hotel_stays"]
)
def test_names_that_only_look_personal(name):
    assert not personal_name(name)


@pytest.mark.parametrize(
    "values",
    [
        ["2025-01-02", "2025-02-03"],
        ["1234567890", "12"],
        ["12.5", "-3.25"],
        [f"Acme Widgets {n}" for n in range(50)],
        [],
    ],
)
def test_dates_numbers_and_products_are_not_personal(values):
    column = pa.chunked_array([values], pa.string())
    rows = pa.chunked_array([[1] * len(values)], pa.int64())
    assert personal_content(column, rows, "plan") is None


@pytest.mark.parametrize("crm", ["plain", "hubspot", "salesforce"])
def test_no_personal_value_is_in_a_list_unless_asked_for(people, simple, crm):
    flow = open_flow(people)
    kept = tier_list(flow, simple, "SQL", END, ListForm(crm))
    text = str(pa.concat_tables(kept.parts()).to_pylist())
    assert kept.leads == 20
    assert not [part for part in ("shop.example", "+49", "Ada", "Lovelace") if part in text]
    assert set(kept.left_out) == {"work_email", "contact", "reach", "notes"}
    asked = pa.concat_tables(tier_list(flow, simple, "SQL", END, ListForm(crm, personal=True)).parts())
    text = str(asked.to_pylist())
    assert all(part in text for part in ("p0@shop.example", "+49 170", "Ada Lovelace"))


def test_columns_have_the_names_that_each_crm_knows(people, simple):
    flow = open_flow(people)

    def names(crm, personal=False):
        return tier_list(flow, simple, "SQL", END, ListForm(crm, personal)).columns

    assert names("hubspot", True)[0] == "Record ID"
    assert {"Email", "Job Title", "Tierline Tier"} <= set(names("hubspot", True))
    assert names("salesforce", True)[0] == "Lead ID"
    assert {"Email", "Title"} <= set(names("salesforce", True))
    assert "revenue" not in names("hubspot") and "revenue" in names("plain")
    assert attribute_columns("hubspot", ["phone", "telephone"], frozenset({"phone", "telephone"})) == {
        "phone": "Phone Number",
        "telephone": "telephone",
    }


def test_ids_that_are_addresses_are_given_only_when_asked_for(tmp_path, simple):
    folder = Workspace.open(tmp_path / "addresses")
    ids = ["ada@shop.example", "eve@shop.example"]
    when = pa.array([START] * 2, pa.timestamp("us"))
    load_tables(
        folder,
        {
            "leads": pa.table({"lead_id": ids, "created_at": when}),
            "activities": pa.table(
                {"lead_id": ids, "occurred_at": when, "activity_type": ["contact_form"] * 2}
            ),
        },
    )
    flow = open_flow(folder)
    with pytest.raises(QueryError, match="must have ids that are not personal"):
        tier_list(flow, simple, "SQL", END)
    assert tier_list(flow, simple, "SQL", END, ListForm(personal=True)).leads == 2


def test_no_cell_of_the_file_is_a_formula(people, simple, tmp_path):
    path, out = tmp_path / "model.toml", tmp_path / "list.csv"
    path.write_text(format_model(simple))
    arguments = ["handover", "--workspace", str(people.path), "--model", str(path), "--tier", "SQL"]
    result = CliRunner().invoke(main, [*arguments, "--at", END.isoformat(), "--personal", "--out", str(out)])
    assert result.exit_code == 0, result.output
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 21
    assert "'=cmd()" in {cell for row in rows for cell in row}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_command_writes_a_swap_list_and_says_how_long_it_is(demo_workspace, flow, model, draft, tmp_path):
    path, out = tmp_path / "draft.toml", tmp_path / "swap.csv"
    path.write_text(format_model(draft))
    arguments = ["handover", "--workspace", str(demo_workspace.path), "--swap", "--against", str(path)]
    result = CliRunner().invoke(main, [*arguments, "--for", "salesforce", "--out", str(out)])
    assert result.exit_code == 0, result.output
    expected = swap_list_now(flow, model, draft).leads
    assert result.output.startswith(f"{expected:,} leads written to ")
    written = pyarrow.csv.read_csv(out)
    assert written.num_rows == expected
    assert "Tierline Previous Tier" in written.column_names


def test_nobody_in_a_tier_is_a_file_with_its_header(flow, model, tmp_path, demo_workspace):
    out = tmp_path / "nobody.csv"
    arguments = ["handover", "--workspace", str(demo_workspace.path), "--tier", "SQL", "--out", str(out)]
    result = CliRunner().invoke(main, [*arguments, "--at", "2020-01-01"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("0 leads written")
    assert out.read_text(encoding="utf-8-sig").startswith('"lead_id","score","tier"')
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "must be of --tier T or --swap, got neither"),
        (["--tier", "SQL", "--swap"], "got both"),
        (["--swap"], "--swap must come with --against"),
        (["--tier", "Hot"], "tier must be one of Nurture, MQL, SQL, got 'Hot'"),
        (["--tier", "SQL", "--against", "x.toml"], "--against must come with --swap"),
    ],
)
def test_a_list_that_cannot_be_made_is_refused_and_nothing_is_written(
    demo_workspace, tmp_path, arguments, said
):
    out = tmp_path / "list.csv"
    start = ["handover", "--workspace", str(demo_workspace.path), "--out", str(out)]
    result = CliRunner().invoke(main, [*start, *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert not out.exists()
