"""The mapping screen: which file and which columns feed each table, and what comes of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from fnmatch import fnmatchcase

import streamlit as st
from pydantic import ValidationError

from pages.components.data.files import DataFile, Recognised, combine, open_file, recognise
from pages.components.data.uploads import Upload
from pages.components.data.words import TABLE_MEANINGS, TABLE_TITLES, count, shown
from pages.components.mapping.feed import FeedForm
from pages.components.mapping.guess import guess_tables
from pages.components.mapping.reading import choose_reading
from queries.mapping import FileMapping, Mapping, TableMapping

Feeds = dict[str, tuple[TableMapping, ...]]


def show_mapping(
    uploads: Sequence[Upload], opened: Mapping | None, key: str
) -> tuple[Mapping | None, list[DataFile]]:
    """Draw the forms of all files.

    Parameters
    ----------
    uploads : sequence of Upload
        At least one.
    opened : Mapping or None
        A mapping file that the forms start from.
    key : str
        Prefix of the widgets' keys; another one starts the forms anew.

    Returns
    -------
    mapping : Mapping or None
        None as long as something must be chosen, which is said.
    files : list of DataFile
    """
    files: list[DataFile] = []
    feeds: list[Feeds] = []
    missing: list[str] = []
    for upload in uploads:
        with st.container(border=True):
            file, fed, said = _show_file(upload, opened, key)
        files.append(file)
        feeds.append(fed)
        missing += said
    used = [(file, fed) for file, fed in zip(files, feeds, strict=True) if fed]
    if missing:
        st.info(
            "**Still to do**\n\n" + "\n".join(f"- {shown(said)}" for said in missing[:5]),
            icon=":material/checklist:",
        )
        return None, files
    if not used:
        st.info("Choose what the files hold.", icon=":material/checklist:")
        return None, files
    try:
        return combine([file for file, _ in used], [fed for _, fed in used]), files
    except ValidationError as error:
        show_mistakes(error)
        return None, files


def show_mistakes(error: ValidationError) -> None:
    """What does not go together, one a line."""
    lines = [str(details["msg"]).removeprefix("Value error, ") for details in error.errors()]
    st.warning("\n\n".join(shown(line) for line in dict.fromkeys(lines)), icon=":material/rule:")


def start_of(file: DataFile, opened: Mapping | None) -> Feeds:
    """What a file's forms start from: the opened mapping, what was recognised, or a guess."""
    if opened is not None:
        own = next(
            (name for name, described in opened.files.items() if _matches(file.upload.name, described)), None
        )
        if own is not None:
            found: Feeds = {}
            for contract, table in opened.feeds():
                if opened.file_of(table) == own:
                    found[contract.name] = (*found.get(contract.name, ()), table)
            return found
    recognised: Recognised = recognise(file)
    if recognised.feeds:
        return dict(recognised.feeds)
    return {table: (TableMapping(),) for table in guess_tables(file.columns, file.upload.name)}


def reading_of(name: str, opened: Mapping | None) -> FileMapping:
    """How the opened mapping reads the file of this name."""
    described = () if opened is None else opened.files.values()
    return next((file for file in described if _matches(name, file)), FileMapping())


def _matches(name: str, described: FileMapping) -> bool:
    return fnmatchcase(name.lower(), described.name.lower())


def _show_file(upload: Upload, opened: Mapping | None, key: str) -> tuple[DataFile, Feeds, list[str]]:
    """The forms of one file: what it holds, and how it feeds each of these tables."""
    st.subheader(shown(upload.name, 80), anchor=False)
    options = choose_reading(upload, reading_of(upload.name, opened), f"{key}_{upload.name}")
    file = open_file(upload, options)
    if file.problem:
        st.error(shown(file.problem, 1_000), icon=":material/error:")
        return file, {}, [f"correct or remove {upload.name}"]
    start = start_of(file, opened)
    # Other columns are another form: a choice among columns that are gone must not linger.
    form_key = f"{key}_{file.key}_{zlib.crc32(repr(file.columns).encode()):08x}"
    chosen = _choose_tables(file, start, form_key)
    feeds: Feeds = {}
    missing: list[str] = []
    for table in TABLE_TITLES:
        if table not in chosen:
            continue
        for number, base in enumerate(start.get(table, (TableMapping(),))):
            feed, said = _show_feed(FeedForm(table, file, base, f"{form_key}_{table}_{number}"), number)
            feeds[table] = (*feeds.get(table, ()), *([feed] if feed is not None else []))
            missing += said
    return file, feeds, missing


def _choose_tables(file: DataFile, start: Feeds, key: str) -> list[str]:
    st.markdown(f"What does it hold? ({count(len(file.columns), 'column')})")
    chosen = []
    with st.container(horizontal=True):
        for table, title in TABLE_TITLES.items():
            if st.checkbox(
                title,
                value=table in start,
                key=f"{key}_{table}",
                help=TABLE_MEANINGS[table].capitalize() + ".",
            ):
                chosen.append(table)
    return chosen


def _show_feed(form: FeedForm, number: int) -> tuple[TableMapping | None, list[str]]:
    title = TABLE_TITLES[form.contract.name] + (f" ({number + 1})" if number else "")
    with st.expander(f"{title}: {TABLE_MEANINGS[form.contract.name]}", expanded=True, key=f"{form.key}_form"):
        fields, missing = form.read()
        if missing:
            return None, [f"{title}: {said}" for said in missing]
        try:
            return TableMapping(**fields), []
        except ValidationError as error:
            show_mistakes(error)
            return None, [f"{title}: put right what is said there"]
