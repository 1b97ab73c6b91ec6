"""How a command ends when its input is bad: exit code 2 and one line that says what to do."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from queries.errors import QueryError
from scoring.errors import ScoringError

EXIT_BAD_INPUT = 2

P = ParamSpec("P")
R = TypeVar("R")


class BadInput(click.ClickException):
    """A mistake of the caller, in one line."""

    exit_code = EXIT_BAD_INPUT

    def format_message(self) -> str:
        return "; ".join(line for line in self.message.splitlines() if line.strip())

    def show(self, file: object = None) -> None:
        click.echo(f"tierline: {self.format_message()}", err=True)


class OneLineGroup(click.Group):
    """A group whose commands answer a wrong option like any other bad input: in one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            command = (error.ctx or ctx).command_path
            said = error.format_message().rstrip(".")
            raise BadInput(f"{said}; see '{command} --help'") from None


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that a user can mend into one line, and anything else into an id in the log."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (QueryError, ScoringError) as error:
            raise BadInput(str(error)) from None
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            raise BadInput(
                f"{place}{error.strerror or error}; see that it is there, readable and has room"
            ) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except Exception:
            error_id = secrets.token_hex(4)
            logging.getLogger("tierline").exception("unexpected error %s", error_id)
            raise click.ClickException(
                f"unexpected error {error_id}; the log above has the details"
            ) from None

    return wrapped
