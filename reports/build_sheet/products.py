"""The products that build sheets are written for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports.build_sheet.hubspot import hubspot_sheet
from reports.build_sheet.salesforce import salesforce_sheet
from reports.build_sheet.sheet import BuildSheet
from scoring.model import Model

PRODUCTS: Mapping[str, Callable[[Model], BuildSheet]] = {
    "hubspot": hubspot_sheet,
    "salesforce": salesforce_sheet,
}


def sheet_for(product: str, model: Model) -> BuildSheet:
    """The build sheet of a model for a product, by its name in `PRODUCTS`."""
    return PRODUCTS[product](model)
