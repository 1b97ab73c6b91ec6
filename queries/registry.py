"""The history of a workspace's model: every save a version, one champion, and the model file that follows it.

``models.sqlite`` in the workspace holds the versions. ``model.toml`` stays what everybody reads: making a
champion writes it, and a file that somebody edited becomes a version by itself, so that neither gets lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from queries.recorded_text import check_author, check_note
from queries.registry_rows import NewVersion, Rows, content_sha256, sha256, utc_now
from queries.registry_schema import bring_up_to_date
from queries.registry_store import has_tables, reading, writing
from queries.versions import RegistryError, SavedFigures, State, Transition, Version, VersionConflict
from queries.workspace import Workspace
from scoring.errors import ModelError
from scoring.model import Model
from scoring.model_file import format_model

FILE_NAME = "models.sqlite"
NOT_RECORDED = "not recorded"
EDITED_OUTSIDE = "edited outside"
FIRST_NOTE = "in use when the history began"


class Registry:
    """The versions of a workspace's model.

    Making one reads and writes nothing. The history begins with the first save: its first version is the
    model that was in use until then. Every call opens the file anew, so one registry serves many threads.

    Parameters
    ----------
    workspace : Workspace
    default : Model
        What is in use where the workspace has no model file.
    now : callable, optional
        The clock, UTC and naive.
    """

    def __init__(self, workspace: Workspace, default: Model, now: Callable[[], datetime] = utc_now) -> None:
        self.workspace = workspace
        self._default = default
        self._now = now

    @property
    def path(self) -> Path:
        """The file that holds the versions; it need not exist."""
        return self.workspace.path / FILE_NAME

    def versions(self, limit: int | None = None) -> tuple[Version, ...]:
        """The versions, newest first; none before the first save."""
        with self.reading() as rows:
            return () if rows is None else rows.newest_first(limit)

    def version(self, number: int) -> Version:
        """One version; RegistryError when there is none of this number."""
        with self.reading() as rows:
            return self._begun(rows).find(number)

    def champion(self) -> Version | None:
        """The version in use; None before the first save."""
        with self.reading() as rows:
            return None if rows is None else rows.champion()

    def newest_of_line(self, number: int) -> Version:
        """The last version of the line that a version belongs to."""
        with self.reading() as rows:
            begun = self._begun(rows)
            return begun.newest_of(begun.find(number))

    def history(self, number: int | None = None) -> tuple[Transition, ...]:
        """What happened to one version, or to all of them, oldest first; nothing before the first save."""
        with self.reading() as rows:
            return () if rows is None else rows.transitions(number)

    def save(
        self,
        model: Model,
        *,
        author: str,
        note: str,
        parent: int | None = None,
        fork: bool = False,
        figures: SavedFigures | None = None,
    ) -> Version:
        """Save a model as a new version, a draft.

        An equal save (parent, content, author, note) gives the version that is there: whoever did not hear
        that a save was done can repeat it.

        Parameters
        ----------
        parent : int, optional
            The version that it was made from; the champion when not given.
        fork : bool
            Begin a line of its own, whatever was saved on the parent since.

        Raises
        ------
        VersionConflict
            The parent is not the newest of its line any more.
        RegistryError
            Nothing differs from the parent; author or note cannot be taken; the file cannot be written.
        """
        author, note = check_author(author), check_note(note)
        if not note:
            raise RegistryError("note must say what the change is for, got nothing; type a few words")
        text = format_model(model)
        content = sha256(text)
        with self.writing() as rows:
            base = rows.champion() if parent is None else rows.find(parent)
            new = NewVersion(text, content, author, note, base.number, None if fork else base.line, figures)
            if (again := rows.saved_before(new)) is not None:
                return again
            if base.content_sha256 == content:
                raise RegistryError(f"a save must change something, got exactly version {base.number}")
            newest = rows.newest_of(base)
            if newest.number != base.number and not fork:
                raise VersionConflict(base, newest)
            return rows.insert(new)

    def propose(self, number: int, *, author: str, note: str = "") -> Version:
        """Put a draft forward to become the champion.

        One that is proposed already stays so, unless another version came into use meanwhile: then it is
        proposed anew, in that one's place, and nobody has signed it.
        """
        with self.writing() as rows:
            if rows.find(number).state == "proposed" and rows.replaced_since_proposed(number):
                rows.record(number, "proposed", check_author(author), check_note(note))
        return self._move(number, "proposed", ("draft",), author, note)

    def retire(self, number: int, *, author: str, note: str = "") -> Version:
        """Put a draft or a proposal aside; the champion can only be replaced."""
        return self._move(number, "retired", ("draft", "proposed"), author, note)

    def make_champion(self, number: int, *, author: str, note: str = "") -> Version:
        """Make a version the one in use, in the place of the champion, and write the model file.

        Raises
        ------
        RegistryError
            The version is retired; the model file holds something that cannot be read, which is not
            overwritten; the file could not be written, which the next `follow_file` makes up for.
        """
        if (problem := self.follow_file()) is not None:
            raise RegistryError(problem)
        version = self._move(number, "champion", ("draft", "proposed"), author, note)
        if (problem := self.follow_file()) is not None:
            raise RegistryError(f"version {number} is the model in use in the history, but {problem}")
        return version

    def restore(
        self, number: int, *, author: str, note: str = "", figures: SavedFigures | None = None
    ) -> Version:
        """Save an old version's content anew, at the end of its line.

        With the `figures` on the data as they are now, or else those of the old save. Where the end of the
        line holds that content already, it is given as it is.
        """
        author, note = check_author(author), check_note(note) or f"restores version {number}"
        with self.writing() as rows:
            old = rows.find(number)
            newest = rows.newest_of(old)
            if newest.content_sha256 == old.content_sha256:
                return newest
            content = old.content_sha256
            new = NewVersion(old.text, content, author, note, newest.number, old.line, figures or old.figures)
            return rows.insert(new)

    def follow_file(self) -> str | None:
        """Bring history and model file together; to be called before either is looked at.

        A file as it was last written gets the champion's content; one that somebody edited becomes the
        champion, as a new version. Before the first save nothing happens.

        Returns
        -------
        str or None
            Why it cannot be done, in words: the file cannot be read as a model, or not be written. Both then
            stay as they are.
        """
        file = self.workspace.model_path
        try:
            with self.reading() as rows:
                if rows is None or self._agree(rows):
                    return None
            with self.writing() as rows:
                self._follow(rows)
        except ModelError as error:
            return f"{error}; correct the file or move it away"
        except RegistryError as error:
            return str(error)
        except OSError as error:
            return f"{file} could not be written ({error.strerror}); make room or see to its permissions"
        return None

    def _agree(self, rows: Rows) -> bool:
        text = self._file_text()
        return text is not None and sha256(text) == rows.known_file == sha256(rows.champion().text)

    def _follow(self, rows: Rows) -> None:
        text, champion = self._file_text(), rows.champion()
        in_use = sha256(champion.text)
        if text is None or sha256(text) == rows.known_file != in_use:
            # Under the lock, so that of two who make a champion the later one writes last.
            text = champion.text
            self.workspace.write_model_text(text)
        elif sha256(text) != in_use:
            content = content_sha256(text, str(self.workspace.model_path))
            is_newest = rows.newest_of(champion).number == champion.number
            line = champion.line if is_newest else None
            new = NewVersion(text, content, NOT_RECORDED, EDITED_OUTSIDE, champion.number, line)
            rows.replace_champion(rows.insert(new).number, NOT_RECORDED, EDITED_OUTSIDE)
        rows.remember_file(text)

    def _move(self, number: int, state: State, allowed: tuple[State, ...], author: str, note: str) -> Version:
        author, note = check_author(author), check_note(note)
        with self.writing() as rows:
            version = rows.find(number)
            if version.state == state:
                return version
            if version.state not in allowed:
                raise RegistryError(_refusal(version, state, allowed))
            if state == "champion":
                rows.replace_champion(number, author, note)
            else:
                rows.record(number, state, author, note)
            return rows.find(number)

    @contextmanager
    def reading(self) -> Iterator[Rows | None]:
        """What stands in the file; None before the first save."""
        with reading(self.path) as connection:
            yield None if connection is None else Rows(connection, self._now)

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """The rows within one transaction: all of what is done in it, or nothing."""
        self.workspace.path.mkdir(parents=True, exist_ok=True)
        with writing(self.path) as connection:
            rows = Rows(connection, self._now)
            has_tables(connection, self.path)
            if bring_up_to_date(connection):
                self._begin(rows)
            yield rows

    def _begin(self, rows: Rows) -> None:
        """The first version: what is in use by now."""
        text = self._file_text()
        text = format_model(self._default) if text is None else text
        content = content_sha256(text, str(self.workspace.model_path))
        first = rows.insert(NewVersion(text, content, NOT_RECORDED, FIRST_NOTE))
        rows.record(first.number, "champion", NOT_RECORDED, FIRST_NOTE)
        rows.remember_file(text)

    def _begun(self, rows: Rows | None) -> Rows:
        if rows is None:
            raise RegistryError(f"{self.path} must hold versions, got none yet; save a model first")
        return rows

    def _file_text(self) -> str | None:
        try:
            return self.workspace.read_model_text()
        except UnicodeDecodeError:
            file = self.workspace.model_path
            raise RegistryError(f"{file} must be a text in UTF-8, got something else; move it away") from None


def _refusal(version: Version, state: State, allowed: tuple[State, ...]) -> str:
    what = {"proposed": "proposed", "champion": "made the model in use", "retired": "retired"}[state]
    in_use = version.state == "champion"
    way = (
        "make another version the model in use in its place"
        if in_use
        else f"restore version {version.number}, which makes a new one"
    )
    got = f"version {version.number}, which is {'the model in use' if in_use else version.state}"
    return f"a version must be {' or '.join(allowed)} to be {what}, got {got}; {way}"
