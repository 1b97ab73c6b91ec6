"""Ready mappings for CRM exports, recognised by their column names.

HubSpot exports contacts under display names ("Became a Customer Date") or, through its interface, under
internal names (``hs_lifecyclestage_customer_date``). Salesforce exports leads under field labels
("Converted Date") from reports and under field names (``ConvertedDate``) from its data export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.mapping import Mapping, TableMapping


@dataclass(frozen=True)
class CrmExport:
    """What an export is recognised by; every tuple lists the names that one column can have, the best first.

    Attributes
    ----------
    name : str
        What a person calls it.
    lead_id, created_at, account_id : tuple of str
        Required, required and optional.
    deal_id : tuple of str
    stages : tuple of (stage, names of its date column)
        At least one must be there.
    hindsight : tuple of str
        Columns that know how the lead ended, so that a rule on them would know the answer.
    time_formats : tuple of str
        Tried in order.
    """

    name: str
    lead_id: tuple[str, ...]
    created_at: tuple[str, ...]
    account_id: tuple[str, ...]
    deal_id: tuple[str, ...]
    stages: tuple[tuple[str, tuple[str, ...]], ...]
    hindsight: tuple[str, ...]
    time_formats: tuple[str, ...]


EXPORTS = (
    CrmExport(
        name="HubSpot contact export",
        lead_id=("Record ID", "Record ID - Contact", "Contact ID", "hs_object_id", "vid"),
        created_at=("Create Date", "createdate"),
        account_id=(
            "Associated Company IDs (Primary)",
            "Associated Company IDs",
            "Primary Associated Company ID",
            "associatedcompanyid",
            "Associated Company",
            "Company Name",
            "company",
        ),
        deal_id=(),
        stages=(
            ("lead", ("Became a Lead Date", "hs_lifecyclestage_lead_date")),
            (
                "mql",
                ("Became a Marketing Qualified Lead Date", "hs_lifecyclestage_marketingqualifiedlead_date"),
            ),
            ("sql", ("Became a Sales Qualified Lead Date", "hs_lifecyclestage_salesqualifiedlead_date")),
            ("opportunity", ("Became an Opportunity Date", "hs_lifecyclestage_opportunity_date")),
            ("won", ("Became a Customer Date", "hs_lifecyclestage_customer_date")),
        ),
        hindsight=(
            "Lifecycle Stage",
            "lifecyclestage",
            "Lead Status",
            "hs_lead_status",
            "Became an Evangelist Date",
            "hs_lifecyclestage_evangelist_date",
            "Close Date",
            "closedate",
            "Days To Close",
            "days_to_close",
            "Number of Associated Deals",
            "num_associated_deals",
            "Recent Deal Amount",
            "recent_deal_amount",
            "Recent Deal Close Date",
            "recent_deal_close_date",
            "Total Revenue",
            "total_revenue",
            "First Deal Created Date",
            "first_deal_created_date",
        ),
        time_formats=("iso", "unix_milliseconds", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
    ),
    CrmExport(
        name="Salesforce lead export",
        lead_id=("Lead ID", "Id"),
        created_at=("CreatedDate", "Created Date", "Create Date"),
        account_id=("Company / Account", "Company"),
        deal_id=("ConvertedOpportunityId", "Converted Opportunity ID", "Opportunity ID"),
        stages=(("opportunity", ("ConvertedDate", "Converted Date")),),
        hindsight=(
            "Status",
            "Lead Status",
            "IsConverted",
            "Converted",
            "ConvertedAccountId",
            "Converted Account ID",
            "ConvertedContactId",
            "Converted Contact ID",
            "ConvertedOpportunityId",
            "Converted Opportunity ID",
            "Opportunity ID",
            "Opportunity Amount",
        ),
        time_formats=("iso", "%m/%d/%Y %I:%M %p", "%m/%d/%Y"),
    ),
)


def propose_mapping(column_names: Sequence[str]) -> Mapping | None:
    """The mapping for a file with these columns, when they are those of a known export.

    Parameters
    ----------
    column_names : sequence of str
        The file's header; case does not count.

    Returns
    -------
    Mapping or None
        Its `name` says what was recognised. Dates of stages become outcomes, and they and the other columns
        that
        know how a lead ended are left out of the leads.
    """
    found = {name.lower(): name for name in column_names}
    for export in EXPORTS:
        mapping = _map_export(export, found)
        if mapping is not None:
            return mapping
    return None


def _map_export(export: CrmExport, found: dict[str, str]) -> Mapping | None:
    lead_id, created_at = _pick(export.lead_id, found), _pick(export.created_at, found)
    stages = {stage: column for stage, names in export.stages if (column := _pick(names, found)) is not None}
    if lead_id is None or created_at is None or not stages:
        return None
    account_id, deal_id = _pick(export.account_id, found), _pick(export.deal_id, found)
    hindsight = [found[name.lower()] for name in export.hindsight if name.lower() in found]
    leads = TableMapping(
        columns={"lead_id": lead_id, "created_at": created_at} | _if_found("account_id", account_id),
        leave_out=tuple(dict.fromkeys([*stages.values(), *hindsight])),
        time_format=export.time_formats,
    )
    outcomes = TableMapping(
        columns={"lead_id": lead_id} | _if_found("deal_id", deal_id),
        keep_others=False,
        from_dates=stages,
        time_format=export.time_formats,
    )
    return Mapping(name=export.name, leads=(leads,), outcomes=(outcomes,))


def _if_found(ours: str, theirs: str | None) -> dict[str, str]:
    return {} if theirs is None else {ours: theirs}


def _pick(names: Sequence[str], found: dict[str, str]) -> str | None:
    return next((found[name.lower()] for name in names if name.lower() in found), None)
