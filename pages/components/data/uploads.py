"""Uploaded files on disk: under a folder of their own, with a name that can do no harm."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

FOLDER_KEY = "data_upload_folder"
ROUND_KEY = "data_upload_round"
MAX_NAME = 80

_HARMLESS = re.compile(r"[^\w.() -]+", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """An uploaded file: its harmless name, which is also its name on disk, and where it lies."""

    name: str
    path: Path


class UploadFolder:
    """The files of one session; gone with it.

    Every file lies in a fresh folder, so that its name decides nothing about where it is written.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="tierline-"))
        self._uploads: dict[str, Upload] = {}
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def keep(self, files: Sequence[UploadedFile]) -> list[Upload]:
        """Write the files that are new, remove those that are gone, and say where they are."""
        wanted = {file.file_id: file for file in files}
        for file_id in [known for known in self._uploads if known not in wanted]:
            shutil.rmtree(self._uploads.pop(file_id).path.parent, ignore_errors=True)
        for file_id, file in wanted.items():
            if file_id not in self._uploads:
                self._uploads[file_id] = self._write(file)
        return [self._uploads[file.file_id] for file in files]

    def _write(self, file: UploadedFile) -> Upload:
        name = self._unused(harmless_name(file.name))
        path = Path(tempfile.mkdtemp(dir=self.path)) / name
        file.seek(0)
        with path.open("wb") as target:
            shutil.copyfileobj(file, target)
        return Upload(name, path)

    def _unused(self, name: str) -> str:
        """The name, or one with a number: a mapping tells files apart by name."""
        used = {upload.name.lower() for upload in self._uploads.values()}
        stem, dot, endings = name.partition(".")
        number = 2
        while name.lower() in used:
            name = f"{stem}-{number}{dot}{endings}"
            number += 1
        return name


def harmless_name(name: str) -> str:
    """The last part of a name without anything that a file system, a message or a pattern could take amiss.

    Examples
    --------
    >>> harmless_name("../../etc/x"), harmless_name("Kontakte <Süd>.csv"), harmless_name("..")
    ('x', 'Kontakte _S_d_.csv', 'upload')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    clean = _HARMLESS.sub("_", last).strip(" .")
    if len(clean) > MAX_NAME:
        stem, dot, ending = clean.rpartition(".")
        clean = f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}" if len(ending) < 12 else clean[:MAX_NAME]
    return clean or "upload"


def upload_folder() -> UploadFolder:
    """The folder of this session."""
    if FOLDER_KEY not in st.session_state:
        st.session_state[FOLDER_KEY] = UploadFolder()
    folder: UploadFolder = st.session_state[FOLDER_KEY]
    return folder


def uploader_key(purpose: str) -> str:
    """The key of a file chooser; another one after `forget_uploads`, which empties it."""
    return f"upload_{purpose}_{st.session_state.get(ROUND_KEY, 0)}"


def forget_uploads() -> None:
    """Empty the file choosers; the files are removed with their folder."""
    st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    st.session_state.pop(FOLDER_KEY, None)
