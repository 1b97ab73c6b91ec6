"""Loading files: choose them, see what they were taken for, put that right where needed, load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components.data.files import DataFile, combine, open_file, recognise
from pages.components.data.replaced import choose_replaced
from pages.components.data.running_import import Cancelled, Say, Work, start_import
from pages.components.data.uploads import Upload, UploadFolder, upload_folder, uploader_key
from pages.components.data.words import TABLE_MEANINGS, TABLE_TITLES, listed, shown
from pages.components.mapping.described import describe
from pages.components.mapping.preview import show_preview
from pages.components.mapping.screen import show_mapping
from pages.components.mapping.times import UTC, choose_timezone
from queries.contract import CONTRACTS
from queries.errors import QueryError
from queries.importing import MAX_REJECTED, ImportReport, load_files
from queries.mapping import FileMapping, Mapping
from queries.mapping_file import format_mapping, parse_mapping
from queries.workspace import Manifest, Workspace

FILE_TYPES = ["csv", "tsv", "txt", "gz", "parquet", "pq"]
MAX_MAPPING_BYTES = 1_000_000


@dataclass(frozen=True)
class Chosen:
    """The files that were chosen, and the mapping file if one was opened."""

    files: Sequence[UploadedFile]
    mapping: UploadedFile | None


def choose_files() -> Chosen:
    """The file chooser, with what the files must look like, and an older mapping, on demand."""
    files = st.file_uploader(
        "Your files (CSV or Parquet, also compressed as .gz)",
        type=FILE_TYPES,
        accept_multiple_files=True,
        key=uploader_key("data"),
    )
    with st.container(horizontal=True):
        _explain_files()
        with st.popover("Open a mapping file", type="tertiary", icon=":material/folder_open:"):
            mapping = st.file_uploader(
                "How files are read, as it was saved here before (.toml)",
                type=["toml"],
                key=uploader_key("mapping"),
            )
    return Chosen(files, mapping)


def show_load(workspace: Workspace, manifest: Manifest | None, chosen: Chosen) -> None:
    """What the files were taken for, how they are read, and the button that loads them."""
    opened, key = _opened_mapping(chosen.mapping)
    if not chosen.files:
        if opened is not None:
            st.caption("The mapping file is open. Choose the files that it is for.")
        return
    folder = upload_folder()
    mapping, files = _choose_mapping(folder.keep(chosen.files), opened, key)
    if mapping is None:
        return
    named = [file for file in files if file.key in mapping.files]
    timezone, max_rejected = _choose_options()
    readable = show_preview(workspace, mapping, named, timezone, max_rejected)
    _offer_download(mapping)
    keep_others = manifest is None or choose_replaced(mapping, manifest)
    wanted = st.button(
        "Load these files",
        key="load_files",
        type="primary",
        icon=":material/upload_file:",
        disabled=not readable,
    )
    if wanted:
        options = _Options(timezone, max_rejected, keep_others)
        work = _import_work(workspace, mapping, named, folder, options)
        start_import(f"Loading {listed(file.upload.name for file in named)}", work)
        st.rerun()


def _explain_files() -> None:
    with st.popover("What must the files look like?", type="tertiary", icon=":material/help:"):
        st.markdown(
            "Whatever your systems export: the columns are found out, or else you say which is which. "
            "If you can choose, these columns need no questions:"
        )
        for name, title in TABLE_TITLES.items():
            contract = CONTRACTS[name]
            needed = listed(f"`{column}`" for column in contract.required)
            optional = listed(f"`{column}`" for column in contract.optional)
            st.markdown(
                f"- **{title}** ({TABLE_MEANINGS[name]}): {needed}"
                + (f"; if you have them {optional}" if optional else "")
            )
        st.markdown(
            "All other columns are kept, and rules can use them. Without leads there is nothing to score."
        )


def _opened_mapping(file: UploadedFile | None) -> tuple[Mapping | None, str]:
    """The mapping file that was opened, and the prefix of the keys of the forms that start from it."""
    if file is None:
        return None, "map"
    try:
        if file.size > MAX_MAPPING_BYTES:
            raise QueryError("a mapping file must be at most 1 MB, got more; choose another file")
        opened = parse_mapping(file.getvalue().decode("utf-8"), "the mapping file")
    except (QueryError, UnicodeDecodeError) as mistake:
        lines = (
            str(mistake).splitlines()
            if isinstance(mistake, QueryError)
            else ["the mapping file must be text"]
        )
        st.error("\n\n".join(shown(line) for line in lines[:10]), icon=":material/error:")
        return None, "map"
    return opened, f"map_{file.file_id}"


def _choose_mapping(
    uploads: Sequence[Upload], opened: Mapping | None, key: str
) -> tuple[Mapping | None, list[DataFile]]:
    """The mapping that the files' columns suggest, or the one that is put together on the screen."""
    files = [open_file(upload, FileMapping()) for upload in uploads]
    recognised = [recognise(file) for file in files]
    if opened is None and all(found.feeds for found in recognised):
        mapping = combine(files, [found.feeds for found in recognised])
        exports = [
            f"{shown(file.upload.name, 80)} looks like a {shown(found.export)}."
            for file, found in zip(files, recognised, strict=True)
            if found.export
        ]
        st.markdown(" ".join(exports) or "The columns are as they should be. This is what will be loaded:")
        _say_what(mapping, files)
        if not st.toggle("Change how the files are read", key=f"{key}_change"):
            return mapping, files
    elif opened is None and not any(file.problem for file in files):
        st.markdown(
            "These columns are not known yet. Say once which is which, and save it for the next time."
        )
    return show_mapping(uploads, opened, key)


def _say_what(mapping: Mapping, files: Sequence[DataFile]) -> None:
    names = {file.key: file.upload.name for file in files}
    st.markdown("\n".join(f"- {sentence}" for sentence in describe(mapping, names)))


def _offer_download(mapping: Mapping) -> None:
    st.download_button(
        "Save how the files are read (mapping file)",
        format_mapping(mapping),
        file_name="mapping.toml",
        mime="application/toml",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key="mapping_download",
        help="Open it next month, or give it to the scheduled import: the same files need no questions then.",
    )


def _choose_options() -> tuple[str, float]:
    """The time zone of times that name none, and the share of a file's rows that may be left out."""
    zone, share = st.columns(2)
    with zone:
        timezone = choose_timezone("Time zone of times that name none", "load_timezone") or UTC
    with share:
        percent = st.number_input(
            "Rows that may be left out (% of a file)",
            min_value=0.0,
            max_value=100.0,
            value=100 * MAX_REJECTED,
            step=0.5,
            format="%.1f",
            key="load_max_rejected",
            help="If more rows than this cannot be used, nothing is loaded.",
        )
    return timezone, percent / 100


@dataclass(frozen=True)
class _Options:
    """What the user chose about an import."""

    timezone: str
    max_rejected: float
    keep_others: bool


def _import_work(
    workspace: Workspace,
    mapping: Mapping,
    files: Sequence[DataFile],
    folder: UploadFolder,
    options: _Options,
) -> Work:
    """The import, to be done in the background; it holds on to the folder, so that the files outlive it."""

    def work(say: Say, cancelled: Cancelled) -> ImportReport:
        return load_files(
            workspace,
            [folder.path / file.upload.path.relative_to(folder.path) for file in files],
            mapping=mapping,
            timezone=options.timezone,
            max_rejected=options.max_rejected,
            keep_others=options.keep_others,
            progress=say,
            cancelled=cancelled,
        )

    return work
