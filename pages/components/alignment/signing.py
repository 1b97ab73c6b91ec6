"""Sign-off: what is proposed, who signed it, and the form that signs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.alignment.load import Agreed
from pages.components.format import as_markdown
from pages.components.models.base import author_name, remember_author
from pages.components.models.words import author_words, changes_list, when, who_and_when
from queries.errors import QueryError
from queries.signatures import SIDES, Proposal, Side, Signature
from scoring.definition import definition
from scoring.model import Model
from scoring.model_changes import model_changes

SIDE_WORDS: dict[Side, str] = {"sales": "Sales", "marketing": "Marketing"}
_SAID = "alignment_said"


def show_said() -> None:
    """What the last step did, or why it could not be done."""
    said = st.session_state.pop(_SAID, None)
    if said is None:
        return
    problem, text = said
    if problem:
        st.error(as_markdown(text), icon=":material/error:")
    else:
        st.success(as_markdown(text), icon=":material/check:")


def do(step: Callable[[], str]) -> None:
    """Take a step and keep what there is to say about it for the next run."""
    try:
        st.session_state[_SAID] = (False, step())
    except QueryError as error:
        st.session_state[_SAID] = (True, str(error))


def show_signing(agreed: Agreed) -> None:
    """Every proposal with its signatures, or how to make one."""
    st.header("What is to be signed?", anchor="sign-off")
    if not agreed.proposals:
        _show_nothing_proposed(agreed)
    for proposal in agreed.proposals:
        with st.container(border=True):
            _show_proposal(agreed, proposal)


def signature_words(one: Signature) -> str:
    """Who signed, when, and with what comment; ready for Markdown."""
    comment = f": {as_markdown(one.comment)}" if one.comment else ""
    return f"recorded by {as_markdown(one.name)}, {as_markdown(one.role)}, {when(one.at)}{comment}"


def _show_nothing_proposed(agreed: Agreed) -> None:
    if not agreed.drafts:
        st.info(
            "Nothing is proposed. Change the model on *Tune* and save it there as a proposal: then both "
            "sides sign it here, and with the second signature it is the model in use.",
            icon=":material/how_to_vote:",
        )
        st.page_link("pages/tune_page.py", label="Go to Tune", icon=":material/tune:")
        return
    st.markdown("Nothing is proposed yet. A saved draft can be put forward here.")
    by_number = {one.number: one for one in agreed.drafts}
    number = st.selectbox(
        "Propose",
        list(by_number),
        format_func=lambda one: f"version {one}: {by_number[one].model.name}, {by_number[one].note}"[:120],
        key="alignment_propose",
    )
    st.text_input("Recorded by", value=author_name(), key="alignment_propose_author", max_chars=200)
    st.text_input("Why", key="alignment_propose_note", max_chars=4000)
    st.button("Propose it", key="alignment_propose_button", on_click=_propose, args=(agreed, number))


def _propose(agreed: Agreed, number: int) -> None:
    author, note = (st.session_state[f"alignment_propose_{name}"] for name in ("author", "note"))

    def step() -> str:
        agreed.registry.propose(number, author=author, note=note)
        remember_author(author)
        return f"Version {number} is proposed. Both sides can sign it now."

    do(step)


def _show_proposal(agreed: Agreed, proposal: Proposal) -> None:
    version, champion = proposal.version, agreed.champion
    st.subheader(f"Version {version.number}: {as_markdown(version.model.name)}", anchor=False)
    why = f": {as_markdown(proposal.note)}" if proposal.note else ""
    st.caption(f"Proposed, {author_words(proposal.author)}, {when(proposal.at)}{why}")
    st.caption(f"Saved, {who_and_when(version)}: {as_markdown(version.note)}")
    if champion is not None:
        st.markdown(f"**What changes in what is in use (version {champion.number})**")
        st.markdown(changes_list(model_changes(champion.model, version.model)))
        _show_words(champion.model, version.model)
    left, right = st.columns(2)
    for column, side in zip((left, right), SIDES, strict=True):
        with column:
            _show_side(proposal, side)
    if proposal.superseded_by is not None:
        other = proposal.superseded_by.number
        st.warning(
            f"Version {other} came into use after this was proposed, so nobody can sign it as it is. Propose "
            f"it anew, in the place of version {other}, or put it aside on *Models*.",
            icon=":material/warning:",
        )
        author = st.text_input(
            "Recorded by", value=author_name(), key=f"alignment_anew_author_{proposal.id}", max_chars=200
        )
        st.button(
            "Propose it anew",
            key=f"alignment_anew_{proposal.id}",
            on_click=_propose_anew,
            args=(agreed, version.number, author),
        )
    elif proposal.missing:
        _show_form(agreed, proposal)


def _propose_anew(agreed: Agreed, number: int, author: str) -> None:
    def step() -> str:
        agreed.registry.propose(number, author=author, note="proposed anew")
        remember_author(author)
        return f"Version {number} is proposed anew."

    do(step)


def _show_words(champion: Model, proposed: Model) -> None:
    before = {one.tier: one.sentence for one in definition(champion).tiers}
    changed = [one for one in definition(proposed).tiers if before.get(one.tier) != one.sentence]
    if changed:
        st.markdown(
            "**So it would say**\n\n" + "\n".join(f"- {as_markdown(one.sentence)}" for one in changed)
        )


def _show_side(proposal: Proposal, side: Side) -> None:
    signed = next((one for one in proposal.signatures if one.side == side), None)
    if signed is None:
        st.markdown(f":material/pending: **{SIDE_WORDS[side]}** has not signed")
    else:
        st.markdown(f":material/check_circle: **{SIDE_WORDS[side]}** signed: {signature_words(signed)}")


def _show_form(agreed: Agreed, proposal: Proposal) -> None:
    key = f"alignment_sign_{proposal.id}"
    side: Side = st.radio(
        "Sign for",
        list(proposal.missing),
        format_func=SIDE_WORDS.__getitem__,
        horizontal=True,
        key=f"{key}_side",
    )
    with st.container(horizontal=True):
        st.text_input("Name", key=f"{key}_{side}_name", max_chars=200)
        st.text_input("Role", key=f"{key}_{side}_role", max_chars=200)
    st.text_input("Comment", key=f"{key}_{side}_comment", max_chars=4000)
    st.caption(
        "There is no login yet: a name is kept as it is typed, and shown as recorded by. "
        + (
            "With this signature the version is the model in use."
            if len(proposal.missing) == 1
            else "With the second signature the version is the model in use."
        )
    )
    st.button(
        f"Sign version {proposal.version.number} for {side}",
        key=f"{key}_button",
        type="primary",
        icon=":material/draw:",
        on_click=_sign,
        args=(agreed, proposal, side, key),
    )


def _sign(agreed: Agreed, proposal: Proposal, side: Side, key: str) -> None:
    name, role, comment = (st.session_state[f"{key}_{side}_{part}"] for part in ("name", "role", "comment"))
    number = proposal.version.number

    def step() -> str:
        version = agreed.agreement.sign(
            number, side=side, name=name, role=role, comment=comment, proposal=proposal.id
        )
        if version.state == "champion":
            return f"Both sides have signed. Version {number} is the model in use now."
        return f"Version {number} is signed for {side}."

    do(step)
