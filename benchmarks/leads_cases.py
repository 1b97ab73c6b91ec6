"""The Leads page: first rows and a filter, beside the same query on a table of scores that somebody keeps."""

from __future__ import annotations

from itertools import count

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.dataset import MODEL, Dataset
from benchmarks.import_cases import close_all, open_again
from benchmarks.measure import Case, Peer, Work
from queries.flow import Flow
from queries.lead_filter import LeadFilter
from queries.lead_list import find_leads, list_leads
from queries.scored_leads import ScoredLeads, scored_leads

ROWS = 100
TIER = MODEL.tiers[-1].name
COLUMNS = ("leads.source", "leads.region")
TOP = """
select leads.lead_id, scores.score, leads.source, leads.region
from scores
inner join data.main.leads as leads on scores.lead_number = leads.lead_number
where $tier is null or scores.tier = $tier
order by scores.score desc, scores.lead_number
limit 100
"""
LAST = """
select lead_number, max(occurred_at) as last_at
from data.main.activities
where lead_number is not null and occurred_at < $at
group by lead_number
"""


def leads_page(data: Dataset) -> Case:
    """The first rows in a program that was just started; the date was scored before."""
    opened: list[Flow] = []
    leads = scored_leads(data.flow(), MODEL)

    def run() -> pa.Table:
        opened.append(open_again(data.workspace))
        return _first_rows(opened[-1], scored_leads(opened[-1], MODEL), LeadFilter())

    subject = Work("Leads page: first rows, date scored before", run, lambda: close_all(opened))
    return Case(subject, (Peer(_top(data, leads, None), _same_rows),))


def leads_filter(data: Dataset) -> Case:
    """A filter while the page is open; each time another one, so that none was asked before."""
    flow = data.flow()
    leads = scored_leads(flow, MODEL)
    category = next(iter(leads.categories))
    anew = count(1)

    def run() -> pa.Table:
        lowest = int(leads.categories[category].min()) - next(anew)
        return _first_rows(flow, leads, LeadFilter(tiers=(TIER,), categories=((category, lowest, 10**6),)))

    return Case(Work("Leads page: a filter", run), (Peer(_top(data, leads, TIER), _same_rows),))


def leads_date(data: Dataset) -> Case:
    """A date that was never scored, beside one pass over all activities."""
    opened: list[Flow] = []

    def run() -> ScoredLeads:
        opened.append(data.new_flow())
        return scored_leads(opened[-1], MODEL)

    def agrees(ours: ScoredLeads, theirs: pa.Table) -> bool:
        numbers = theirs.column("lead_number").to_numpy()
        size = max(int(numbers.max()), int(ours.lead_numbers.max())) + 1
        last = np.full(size, np.datetime64("NaT", "us"))
        last[numbers] = theirs.column("last_at").to_numpy()
        return np.array_equal(ours.last_activity, last[ours.lead_numbers], equal_nan=True)

    flow = data.flow()
    beside = _attached(data)
    pass_over = Work(
        "DuckDB: one pass over activities",
        lambda: beside.sql(LAST, params={"at": flow.observed_until}).to_arrow_table(),
    )
    subject = Work("Leads page: a date scored for the first time", run, lambda: close_all(opened))
    return Case(subject, (Peer(pass_over, agrees),))


def _first_rows(flow: Flow, leads: ScoredLeads, wanted: LeadFilter) -> pa.Table:
    return list_leads(flow, MODEL, leads, find_leads(flow, MODEL, leads, wanted)[:ROWS], COLUMNS)


def _top(data: Dataset, leads: ScoredLeads, tier: str | None) -> Work:
    connection = _attached(data)
    names = pa.array([one.name for one in MODEL.tiers]).take(pa.array(leads.tiers))
    columns = {"lead_number": leads.lead_numbers, "score": leads.scores, "tier": names}
    connection.register("kept", pa.table(columns))
    connection.execute("create table scores as select * from kept")
    words = "DuckDB: top 100 of a table of scores in memory" + ("" if tier is None else ", of a tier")
    return Work(words, lambda: connection.sql(TOP, params={"tier": tier}).to_arrow_table())


def _attached(data: Dataset) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{data.workspace.data_path}' as data (read_only)")
    return connection


def _same_rows(ours: pa.Table, theirs: pa.Table) -> bool:
    return all(
        ours.column(mine).to_pylist() == theirs.column(other).to_pylist()
        for mine, other in (("lead_id", "lead_id"), ("score", "score"), ("leads.region", "region"))
    )
