"""How a file is taken apart: separator, encoding, header; folded away, for it is nearly always found out."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from pages.components.data.uploads import Upload
from pages.components.data.words import shown
from queries.mapping import BLANKS, FileMapping

SEPARATORS = {
    None: "found out by itself",
    ",": "comma ,",
    ";": "semicolon ;",
    "\t": "tab",
    "|": "bar |",
    BLANKS: "one or more blanks",
}
ENCODINGS = {
    None: "found out by itself",
    "utf-8": "UTF-8",
    "cp1252": "Windows (Western Europe)",
    "cp1250": "Windows (Central Europe)",
    "iso8859-15": "ISO 8859-15",
    "utf-16": "UTF-16",
    "cp932": "Windows (Japan)",
}


def choose_reading(upload: Upload, base: FileMapping, key: str) -> FileMapping:
    """Draw the choices for one file and give them back; the base when they do not go together."""
    with st.expander(f"How {shown(upload.name, 60)} is read", key=f"{key}_reading"):
        separators = list(dict.fromkeys([*SEPARATORS, base.delimiter]))
        delimiter = st.selectbox(
            "What separates the columns?",
            separators,
            index=separators.index(base.delimiter),
            format_func=lambda mark: SEPARATORS.get(mark, mark),
            key=f"{key}_delimiter",
        )
        encodings = list(dict.fromkeys([*ENCODINGS, base.encoding]))
        encoding = st.selectbox(
            "How are letters stored (encoding)?",
            encodings,
            index=encodings.index(base.encoding),
            format_func=lambda name: ENCODINGS.get(name, name),
            key=f"{key}_encoding",
        )
        skip_lines = st.number_input(
            "Lines before the column names to skip", 0, 1000, base.skip_lines, key=f"{key}_skip"
        )
        header = st.toggle("The first line names the columns", value=base.header, key=f"{key}_header")
        names: tuple[str, ...] = ()
        if not header:
            text = st.text_area(
                "Names of the columns, one a line", value="\n".join(base.column_names), key=f"{key}_names"
            )
            names = tuple(line.strip() for line in text.splitlines() if line.strip())
        try:
            return FileMapping(
                name=base.name,
                delimiter=delimiter,
                encoding=encoding,
                header=header,
                column_names=names,
                skip_lines=int(skip_lines),
            )
        except ValidationError:
            st.info("Write the names of the columns, one a line, in the order of the file.")
            return base
