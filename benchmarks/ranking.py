"""``python -m benchmarks.ranking``: who ranks better out of time, the learned model or Odoo's formula?

No times are taken here: it is the quality of the ranking that is set beside a peer's. Both learn, for each
period, from the same leads (those whose days to convert had all passed when it began) and rank the same ones.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.dataset import SEED, Dataset, Size
from benchmarks.naive_bayes import MISSING, Codes, fit_naive_bayes
from queries.dataset import model_in_use, open_flow
from queries.errors import QueryError
from queries.flow import Flow
from queries.prediction import history_of
from queries.segments import segment_values, segments_of_moments
from queries.workspace import Workspace
from scoring.auc_difference import AucDifference
from scoring.model import Model, Rule
from scoring.model_file import parse_model
from scoring.plain_json import to_plain
from scoring.prediction import History, features_of, predict
from scoring.statistics import FloatArray, auc_delong

MISSING_SEGMENT = "(missing)"
KEYS = frozenset({"lead_id", "account_id", "created_at"})
COMMON = 0.05
"""Share of the leads that must have a value for the regression on attributes to be told of it."""


@dataclass(frozen=True, eq=False)
class Table:
    """Every scored lead as a row of its own: its history, and the codes of its attributes' values."""

    history: History
    attributes: dict[str, Codes]


@dataclass(frozen=True)
class Ranked:
    """How well each ranks the leads of one period.

    Attributes
    ----------
    points, learned : float or None
        AUC of the points by hand, and of the regression on the rules; None where that declines.
    learned_on_attributes : float or None
        Of the same regression told of the common attribute values instead of the rules.
    bayes_on_rules : float or None
        Of Odoo's formula, a rule's count being the value of an attribute.
    difference : AucDifference or None
        From Odoo's formula on attributes (a) to the regression on the rules (b).
    bayes : float or None
        Of Odoo's formula on attributes.
    """

    period: str
    leads: int
    conversions: int
    points: float | None
    bayes: float | None
    bayes_on_rules: float | None
    learned: float | None
    learned_on_attributes: float | None
    difference: AucDifference | None


def read_table(flow: Flow, model: Model, observed_until: datetime | None = None) -> Table:
    """Every lead-moment of the model's back-test with its rule counts and attributes.

    Attributes are the columns of leads and accounts with 2 to 1,000 values; ids and times are none.
    """
    grouped = history_of(flow, model, observed_until=observed_until)
    observed = flow.observed(model, observed_until)
    rows, labels = observed.rows.table, flow.labels(observed)
    rules = model.enabled_rules
    history = replace(
        grouped,
        period=np.unique(rows.column("period").to_numpy(), return_inverse=True)[1],
        converted=labels.column("converted").to_numpy(),
        mature=labels.column("mature").to_numpy(),
        leads=np.ones(len(rows), dtype=np.int64),
        features=features_of(rules, [column.to_numpy() for column in flow.counts(observed, rules)]),
        score=np.zeros(len(rows), dtype=np.int64),
    )
    attributes = {}
    for table in ("leads", "accounts"):
        for column in flow.engine.columns(table):
            name = f"{table}.{column}"
            if column not in KEYS and _has_few_values(flow, name):
                segments = segments_of_moments(flow.engine, rows, name, flow.touches(name))
                attributes[name] = _codes(segments.column("segment").to_numpy())
    return Table(history, attributes)


def rank_periods(table: Table, grouped: History, rules: Sequence[Rule]) -> tuple[Ranked, ...]:
    """Set every period's ranking beside the peer's; periods that nobody could foretell are left out.

    Parameters
    ----------
    table : Table
    grouped : History
        The same leads, for the points' AUC and the program's own walk-forward.
    rules : sequence of Rule
    """
    history = table.history
    own = {period.period: period.ranking for period in predict(grouped, rules).periods}
    codes = list(table.attributes.values())
    bayes = _bayes_ranks(history, codes)
    paired = {p.period: p.ranking for p in predict(replace(history, score=bayes), rules).periods}
    of_rules = [np.unique(column, return_inverse=True)[1] for column in history.features.T]
    on_rules = _bayes_ranks(history, of_rules)
    common = replace(history, features=_one_hot(codes), score=on_rules)
    on_attributes = {p.period: p.ranking for p in predict(common, rules).periods}
    found = []
    for number, label in enumerate(history.periods):
        here = history.mature & (history.period == number)
        if not here.any() or not history.known_before(number):
            continue
        won = history.converted[here]
        found.append(
            Ranked(
                period=label,
                leads=int(here.sum()),
                conversions=int(won.sum()),
                points=own[label].auc_a if label in own else None,
                bayes=_auc(bayes[here], won),
                bayes_on_rules=_auc(on_rules[here], won),
                learned=own[label].auc_b if label in own else None,
                learned_on_attributes=on_attributes[label].auc_b if label in on_attributes else None,
                difference=paired.get(label),
            )
        )
    return tuple(found)


def compare_with_odoo(flow: Flow, model: Model, observed_until: datetime | None = None) -> tuple[Ranked, ...]:
    """Both on one data version, period by period."""
    grouped = history_of(flow, model, observed_until=observed_until)
    return rank_periods(read_table(flow, model, observed_until), grouped, model.enabled_rules)


def format_beside(ranked: Sequence[Ranked], name: str, auc: Mapping[str, float]) -> str:
    """The learned model's AUC beside figures from elsewhere, by period."""
    lines = [f"{'period':<10}{'ours':>8}{name[:12]:>14}{'difference':>12}"]
    for one in ranked:
        if one.learned is not None and one.period in auc:
            told = auc[one.period]
            lines.append(f"{one.period:<10}{one.learned:>8.3f}{told:>14.3f}{one.learned - told:>+12.3f}")
    return "\n".join(lines)


def format_ranked(name: str, ranked: Sequence[Ranked]) -> str:
    """One table, for people."""
    lines = [
        name,
        f"{'period':<10}{'leads':>9}{'won':>7}{'points':>9}{'Odoo':>8}{'Odoo, rules':>13}{'ours':>8}"
        f"{'ours, attributes':>18}   ours less Odoo",
    ]
    for one in ranked:
        lines.append(
            f"{one.period:<10}{one.leads:>9,}{one.conversions:>7,}{_shown(one.points):>9}"
            f"{_shown(one.bayes):>8}{_shown(one.bayes_on_rules):>13}{_shown(one.learned):>8}"
            f"{_shown(one.learned_on_attributes):>18}   {_range(one.difference)}"
        )
    judged = [
        one.difference for one in ranked if one.difference is not None and one.difference.low is not None
    ]
    better = sum(difference.low > 0 for difference in judged if difference.low is not None)
    worse = sum(difference.high < 0 for difference in judged if difference.high is not None)
    lines.append(
        f"ours ranks better than Odoo's formula on attributes in {better} of {len(judged)} periods, worse in "
        f"{worse}, and no more differently than chance in {len(judged) - better - worse}"
    )
    return "\n".join(lines)


@click.command()
@click.option("--leads", type=click.IntRange(1_000, 1_000_000), default=20_000, show_default=True)
@click.option("--workspace", "folders", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option("--model", "paths", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--beside", type=click.Path(path_type=Path, exists=True), help="AUC by period from elsewhere, .toml."
)
@click.option("--observed-until", type=click.DateTime(), help="Pretend that the data end here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def main(
    leads: int,
    folders: tuple[Path, ...],
    paths: tuple[Path, ...],
    beside: Path | None,
    observed_until: datetime | None,
    as_json: bool,
) -> None:
    """The learned model beside Odoo's formula, out of time: on demo data, or on given workspaces.

    A --model belongs to the --workspace in the same place; a workspace without one uses its own.
    """
    results: dict[str, tuple[Ranked, ...]] = {}
    with tempfile.TemporaryDirectory(prefix="tierline-ranking-") as temporary:
        if not folders:
            data = Dataset.make(Path(temporary), Size(leads))
            results[f"demo data, {leads:,} leads, seed {SEED}"] = compare_with_odoo(data.flow(), data.model)
        for number, folder in enumerate(folders):
            workspace = Workspace.open(folder)
            flow = open_flow(workspace)
            if flow is None:
                raise click.UsageError(f"{folder}: a workspace must hold data, got none")
            path = paths[number] if number < len(paths) else None
            model = model_in_use(workspace) if path is None else parse_model(path.read_text(), str(path))
            results[f"{folder.name}: {model.name}"] = compare_with_odoo(flow, model, observed_until)
    if as_json:
        click.echo(json.dumps({name: to_plain(ranked) for name, ranked in results.items()}, indent=1))
    else:
        click.echo("\n\n".join(format_ranked(name, ranked) for name, ranked in results.items()))
        if beside is not None:
            told = tomllib.loads(beside.read_text(encoding="utf-8"))
            for ranked in results.values():
                click.echo("\n" + format_beside(ranked, told["name"], told["auc"]))


def _bayes_ranks(history: History, codes: Sequence[Codes]) -> NDArray[np.int64]:
    """For each row the rank of its chance, as Odoo's formula learned it before the row's period; 0 before."""
    ranks = np.zeros(len(history.leads), dtype=np.int64)
    for number in range(len(history.periods)):
        past = history.mature & np.isin(history.period, history.known_before(number))
        here = history.period == number
        if not history.converted[past].any() or history.converted[past].all():
            continue
        fit = fit_naive_bayes([one[past] for one in codes], history.converted[past], history.leads[past])
        chance = fit.probability([one[here] for one in codes])
        ranks[here] = np.unique(chance, return_inverse=True)[1]
    return ranks


def _auc(ranks: NDArray[np.int64], won: NDArray[np.bool_]) -> float | None:
    size = int(ranks.max()) + 1
    positives, negatives = (np.bincount(ranks[part], minlength=size) for part in (won, ~won))
    return auc_delong(positives, negatives)[0]


def _one_hot(codes: Sequence[Codes]) -> FloatArray:
    """A column for each value that enough leads have."""
    columns = [
        (one == value).astype(np.float64)
        for one in codes
        for value in np.flatnonzero(np.bincount(one[one >= 0]) >= COMMON * len(one))
    ]
    return np.column_stack(columns)


def _codes(values: NDArray[np.object_]) -> Codes:
    codes = np.unique(values.astype(str), return_inverse=True)[1]
    return np.where(values == MISSING_SEGMENT, MISSING, codes)


def _has_few_values(flow: Flow, column: str) -> bool:
    try:
        return len(segment_values(flow.engine, column)) > 1
    except QueryError:  # a time, or more values than figures can be split by
        return False


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(auc: AucDifference | None) -> str:
    if auc is None or auc.difference is None:
        return "-"
    text = f"{auc.difference:+.3f}"
    return text if auc.low is None else f"{text} (likely {auc.low:+.3f} to {auc.high:+.3f})"


if __name__ == "__main__":
    main()
