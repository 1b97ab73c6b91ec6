"""Leads that are finished, as far as it is the same for every product."""

from __future__ import annotations

from reports.build_sheet.sheet import SheetLine, nothing
from scoring.model import Conversion


def final_stages(conversion: Conversion) -> list[str]:
    """The stages after which a lead is not scored any more, each once."""
    converting = () if conversion.repeatable else conversion.stages
    return list(dict.fromkeys([*conversion.closing_stages, *converting]))


def nobody_finishes(conversion: Conversion) -> SheetLine:
    """The line of a model without such stages."""
    what = " or ".join(f"“{stage}”" for stage in conversion.stages)
    days = conversion.horizon_days
    why = f"{what} within {days} days is what the back-test counts; nobody stops being scored."
    return nothing("model", "conversion", "What counts as success", why)
