"""The filters, columns and order of the ranked list as options of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import click

from commands.errors import BadInput
from queries.conditions import TIME_COLUMNS
from queries.flow import Flow
from queries.lead_filter import LeadFilter, attribute_names
from queries.lead_order import Order, points_of
from queries.scored_leads import LAST_ACTIVITY, OWNER
from scoring.model import Model

FIXED_ORDERS = ("score", "tier", OWNER, LAST_ACTIVITY, "lead_id")


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as it was written.

    Attributes
    ----------
    search : str
    tiers, where, did, points, columns : tuple of str
    sort : str
    lowest_first : bool
    """

    search: str
    tiers: tuple[str, ...]
    where: tuple[str, ...]
    did: tuple[str, ...]
    points: tuple[str, ...]
    columns: tuple[str, ...]
    sort: str | None
    lowest_first: bool

    @property
    def given(self) -> tuple[str, ...]:
        """The options that were used, as they are written."""
        used = {
            "--search": self.search,
            "--tier": self.tiers,
            "--where": self.where,
            "--did": self.did,
            "--points": self.points,
            "--column": self.columns,
            "--sort": self.sort,
            "--lowest-first": self.lowest_first,
        }
        return tuple(option for option, value in used.items() if value)

    def lead_filter(self, flow: Flow) -> LeadFilter:
        """Which leads; BadInput when an option cannot be read or the data have no such column."""
        attributes: dict[str, list[str]] = {}
        for text in self.where:
            name, value = _pair(text, "--where", "region=EMEA")
            attributes.setdefault(attribute_called(flow, name, "--where"), []).append(value)
        return LeadFilter(
            search=self.search,
            tiers=self.tiers,
            categories=tuple(_range(text) for text in self.points),
            attributes=tuple((name, tuple(values)) for name, values in attributes.items()),
            activity=self._activity(flow),
        )

    def shown(self, flow: Flow) -> tuple[str, ...]:
        """The attributes to list, each once."""
        return tuple(dict.fromkeys(attribute_called(flow, name, "--column") for name in self.columns))

    def order(self, flow: Flow, model: Model) -> Order:
        """By what the list is sorted."""
        by = self.sort or "score"
        categories = [points_of(name) for name in model.category_names]
        if by not in FIXED_ORDERS and by not in categories:
            by = attribute_called(flow, by, "--sort", (*FIXED_ORDERS, *categories))
        return Order(by, not self.lowest_first)

    def _activity(self, flow: Flow) -> tuple[str, tuple[str, ...]] | None:
        pairs = [_pair(text, "--did", "activity_type=webinar_attendance") for text in self.did]
        names = list(dict.fromkeys(name for name, _ in pairs))
        if len(names) > 1:
            raise BadInput(f"--did must name one column of activities, got {' and '.join(names)}")
        known = [name for name in flow.engine.columns("activities") if name not in {*TIME_COLUMNS, "lead_id"}]
        for name in names:
            if name not in known:
                raise BadInput(f"--did must name one of {', '.join(known)}, got {name!r}")
        return (names[0], tuple(value for _, value in pairs)) if names else None


def asks_for_leads(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the ranked list; they come to it as one, `Wanted`."""

    @click.option("--search", default="", help="Only leads whose id or attributes contain this.")
    @click.option("--tier", "tiers", multiple=True, help="Only leads in this tier; may be repeated.")
    @click.option(
        "--where",
        multiple=True,
        metavar="NAME=VALUE",
        help="Only leads with this value of an attribute, such as source=webinar or "
        "accounts.industry=Retail; may be repeated: values of one attribute are alternatives.",
    )
    @click.option(
        "--did",
        multiple=True,
        metavar="NAME=VALUE",
        help="Only leads that showed interest: did something with this value, such as "
        "activity_type=webinar_attendance; may be repeated for alternatives.",
    )
    @click.option(
        "--points",
        multiple=True,
        metavar="CATEGORY=LOW..HIGH",
        help="Only leads with so many points of a category, such as fit=10..40; may be repeated.",
    )
    @click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="NAME",
        help="An attribute to list, such as job_title; may be repeated.",
    )
    @click.option(
        "--sort",
        metavar="NAME",
        help="An attribute, score, tier, owner, last_activity_at, lead_id, or 'points of <category>'.  "
        "[default: score]",
    )
    @click.option("--lowest-first", is_flag=True, help="Turn the order round.")
    @wraps(command)
    def asked(
        *others: object,
        search: str,
        tiers: tuple[str, ...],
        where: tuple[str, ...],
        did: tuple[str, ...],
        points: tuple[str, ...],
        columns: tuple[str, ...],
        sort: str | None,
        lowest_first: bool,
        **named: object,
    ) -> None:
        wanted = Wanted(search, tiers, where, did, points, columns, sort, lowest_first)
        command(*others, wanted=wanted, **named)

    return asked


def attribute_called(flow: Flow, name: str, option: str, others: tuple[str, ...] = ()) -> str:
    """The attribute of leads, else of accounts, of this name; ``leads.x`` and ``accounts.x`` are exact."""
    known = attribute_names(flow)
    for full in (name, f"leads.{name}", f"accounts.{name}"):
        if full in known:
            return full
    raise BadInput(f"{option} must name one of {', '.join((*others, *known))}, got {name!r}")


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise BadInput(f"{option} must be a name and a value, such as {example}, got {text!r}")
    return name.strip(), value


def _range(text: str) -> tuple[str, int, int]:
    name, _, limits = text.rpartition("=")
    low, dots, high = limits.partition("..")
    try:
        lowest, highest = int(low), int(high)
    except ValueError:
        dots = ""
        lowest = highest = 0
    if not (name and dots) or lowest > highest:
        raise BadInput(
            f"--points must be a category with lowest and highest points, such as fit=10..40, got {text!r}"
        )
    return name, lowest, highest
