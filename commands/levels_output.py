"""What ``tierline levels`` prints: as JSON for programs, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from commands.backtest_output import TIME_FORMAT
from commands.lead_output import rows_json, table_text
from commands.percent import percent_text
from queries.quests import LevelEvidence
from scoring.levels import Level, Quest, quest_sentence
from scoring.model import Model
from scoring.plain_json import to_plain
from scoring.worked import WorkedShare, worked_json
from scoring.worked_words import worked_words


@dataclass(frozen=True, eq=False)
class Game:
    """Everything that is printed.

    Attributes
    ----------
    model : Model
    at : datetime
    levels : tuple of Level
        Lowest first.
    quests : tuple of Quest
    evidence : LevelEvidence
    leaders : Arrow table
        The first rows of the leaderboard.
    leads : int
        Open leads.
    worked : mapping of str to WorkedShare
        By level, of the leads whose rate stands in `evidence`; empty where the data do not tell it.
    """

    model: Model
    at: datetime
    levels: tuple[Level, ...]
    quests: tuple[Quest, ...]
    evidence: LevelEvidence
    leaders: pa.Table
    leads: int
    worked: Mapping[str, WorkedShare]


def game_json(game: Game) -> dict[str, Any]:
    """Levels with what they converted, quests, the verdict and the first of the leaderboard."""
    converted = {tier.tier: tier for tier in game.evidence.pooled.tiers}
    return {
        "model": game.model.name,
        "at": game.at.strftime(TIME_FORMAT),
        "leads": game.leads,
        "levels": [
            _level_json(level)
            | {"backtest": asdict(converted[level.tier.name]) | worked_json(game.worked.get(level.tier.name))}
            for level in game.levels
        ],
        "quests": [_quest_json(quest) for quest in game.quests],
        "verdict": to_plain(game.evidence.order),
        "left_out": list(game.evidence.left_out),
        "leaderboard": rows_json(game.leaders),
    }


def game_text(game: Game) -> str:
    """The same for people."""
    labels = {level.tier.name: level.tier.shown_label for level in reversed(game.levels)}
    lines = [
        f"{game.model.name}: {game.leads:,} open leads, as of {game.at:{TIME_FORMAT}}",
        "",
        *_level_lines(game),
        *(f"- {label} is kept back for the final check of your draft." for label in game.evidence.left_out),
        f"- {game.evidence.order.sentence}",
        f"- {worked_words(labels, game.worked)}",
        "",
        *_quest_lines(game.quests),
        "",
        table_text(game.leaders, game.leaders.num_rows),
        f"{game.leaders.num_rows:,} of {game.leads:,} rows",
    ]
    return "\n".join(lines)


def _level_json(level: Level) -> dict[str, Any]:
    tier = level.tier
    return {
        "level": tier.name,
        "from_points": tier.threshold,
        "perk": tier.perk,
        "leads": level.leads,
        "share": level.share,
        "median_points_to_next_level": level.median_missing,
    }


def _quest_json(quest: Quest) -> dict[str, Any]:
    return {
        "rule": quest.rule.id,
        "label": quest.rule.shown_label,
        "times": quest.times,
        "points": quest.points,
        "completed": quest.progress.done,
        "begun": quest.progress.begun,
        "leads": quest.progress.leads,
        "with_it": asdict(quest.with_it),
        "without": asdict(quest.without),
        "evidence": quest.evidence.value,
        "sentence": quest_sentence(quest),
    }


def _level_lines(game: Game) -> Iterator[str]:
    yield f"{'level':<24}{'from':>6}{'leads':>11}{'share':>8}{'converted':>11}{'likely':>20}  perk"
    for level, tier in zip(game.levels[::-1], game.evidence.pooled.tiers[::-1], strict=True):
        likely = "-" if tier.low is None else f"{percent_text(tier.low)} to {percent_text(tier.high)}"
        yield (
            f"{level.tier.shown_label[:23]:<24}{level.tier.threshold:>6}{level.leads:>11,}"
            f"{percent_text(level.share):>8}{percent_text(tier.rate):>11}{likely:>20}"
            f"  {level.tier.perk or '-'}"
        )


def _quest_lines(quests: tuple[Quest, ...]) -> Iterator[str]:
    yield f"{'quest':<32}{'times':>6}{'points':>8}{'completed':>11}{'begun':>9}"
    for quest in quests:
        yield (
            f"{quest.rule.shown_label[:31]:<32}{quest.times:>6}{quest.points:>8}"
            f"{quest.progress.done:>11,}{quest.progress.begun:>9,}"
        )
    yield from (f"- {quest_sentence(quest)}" for quest in quests)
