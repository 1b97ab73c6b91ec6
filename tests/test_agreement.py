"""Sign-off by both sides, points and decisions, and files of a program that knew neither."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from queries import registry_schema
from queries.agreement import Agreement
from queries.registry import Registry
from queries.versions import RegistryError
from queries.workspace import Workspace
from tests.registry_writers import small_model

START = datetime(2026, 3, 1, 9, 0)
SALES = {"side": "sales", "name": "Sam", "role": "head of sales", "comment": "we can work these"}
MARKETING = {"side": "marketing", "name": "Mary", "role": "head of marketing", "comment": "fewer, better"}


@pytest.fixture
def registry(tmp_path):
    times = (START + timedelta(minutes=minute) for minute in range(10_000))
    return Registry(Workspace.open(tmp_path / "workspace"), small_model(0), lambda: next(times))


@pytest.fixture
def agreement(registry):
    return Agreement(registry)


def proposed(registry, points=1, **keys):
    version = registry.save(small_model(points), author="Ann", note=f"{points} points", **keys)
    return registry.propose(version.number, author="Ann", note="please sign").number


@pytest.mark.parametrize("order", [(SALES, MARKETING), (MARKETING, SALES)])
def test_both_signatures_in_either_order_make_the_proposal_the_model_in_use(registry, agreement, order):
    number = proposed(registry)
    first, second = order
    assert agreement.sign(number, **first).state == "proposed"
    assert registry.champion().number == 1
    [proposal] = agreement.proposals()
    assert proposal.missing == (second["side"],)
    assert agreement.sign(number, **second).state == "champion"
    assert registry.champion().number == number
    assert registry.workspace.read_model_text() == registry.version(number).text
    assert agreement.proposals() == ()
    signed = agreement.signatures(number)
    assert [(one.side, one.name, one.role, one.comment) for one in signed] == [
        (one["side"], one["name"], one["role"], one["comment"]) for one in order
    ]
    step = registry.history(number)[-1]
    assert (step.state, step.author, step.is_signed) == (
        "champion",
        f"{first['name']} and {second['name']}",
        True,
    )
    for one in order:
        assert f"{one['side']}: {one['name']}, {one['role']} ({one['comment']})" in step.note


def test_what_came_into_use_without_both_signatures_is_recorded_so(registry, agreement):
    number = proposed(registry)
    agreement.sign(number, **SALES)
    registry.make_champion(number, author="Bob", note="in a hurry")
    assert [step.is_signed for step in registry.history() if step.state == "champion"] == [False, False]
    with pytest.raises(RegistryError, match="version 2, which is the model in use already"):
        agreement.sign(number, **MARKETING)


def test_the_same_signature_again_changes_nothing_and_another_one_of_that_side_is_refused(
    registry, agreement
):
    number = proposed(registry)
    for _ in range(2):
        agreement.sign(number, **SALES)
    with pytest.raises(
        RegistryError, match="sales must sign version 2 once, got a signature of Sam on 1 March"
    ):
        agreement.sign(number, **SALES | {"name": "Sue"})
    assert [one.name for one in agreement.signatures(number)] == ["Sam"]
    for _ in range(2):
        assert agreement.sign(number, **MARKETING).state == "champion"
    assert len(agreement.signatures()) == 2
    assert [step.state for step in registry.history(number)] == ["draft", "proposed", "champion"]


def test_only_what_is_proposed_can_be_signed(registry, agreement):
    number = registry.save(small_model(1), author="Ann", note="more").number
    with pytest.raises(RegistryError, match="version 2, which is a draft; propose it first"):
        agreement.sign(number, **SALES)
    with pytest.raises(RegistryError, match="version must be one that was saved, got 9"):
        agreement.sign(9, **SALES)
    with pytest.raises(RegistryError, match="version 1, which is the model in use already"):
        agreement.sign(1, **SALES)
    assert agreement.signatures() == ()


def test_a_proposal_that_is_withdrawn_while_it_is_signed_says_who_withdrew_it(registry, agreement):
    number = proposed(registry)
    agreement.sign(number, **SALES)
    registry.retire(number, author="Bob", note="the trial goes on")
    with pytest.raises(RegistryError, match=r"Bob put aside on 1 March.*\(the trial goes on\); restore it"):
        agreement.sign(number, **MARKETING)
    assert registry.champion().number == 1


def test_a_proposal_is_superseded_by_what_came_into_use_since_and_can_be_proposed_anew(registry, agreement):
    number = proposed(registry)
    agreement.sign(number, **SALES)
    other = registry.save(small_model(5), author="Ann", note="other", parent=1, fork=True).number
    registry.make_champion(other, author="Bob")
    [proposal] = agreement.proposals()
    assert proposal.superseded_by.number == other
    with pytest.raises(RegistryError, match="got version 3 in use since; propose version 2 anew"):
        agreement.sign(number, **MARKETING)
    registry.propose(number, author="Ann", note="once more")
    [again] = agreement.proposals()
    assert (again.superseded_by, again.signatures, again.note) == (None, (), "once more")
    with pytest.raises(RegistryError, match=r"proposed anew by Ann on .* after you looked at it"):
        agreement.sign(number, **SALES, proposal=proposal.id)
    # Under the new proposal, the same words are a signature of their own.
    agreement.sign(number, **SALES, proposal=again.id)
    assert agreement.sign(number, **MARKETING).state == "champion"
    assert len(agreement.signatures(number)) == 3


def test_a_model_file_edited_while_signing_supersedes_the_proposal(registry, agreement):
    number = proposed(registry)
    agreement.sign(number, **SALES)
    registry.workspace.write_model_text("# mine\n" + registry.version(1).text.replace("Small", "Mine"))
    with pytest.raises(RegistryError, match="got version 3 in use since"):
        agreement.sign(number, **MARKETING)
    assert registry.champion().model.name == "Mine"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"name": " "}, "name must be a name, got nothing"),
        ({"role": ""}, "role must be filled in, got nothing; type it"),
        ({"side": "finance"}, "side must be sales or marketing, got 'finance'"),
        ({"comment": "x" * 5000}, "at most 4,000 letters"),
        ({"name": "a\x00b"}, "plain text"),
    ],
)
def test_what_cannot_be_recorded_is_refused_by_name(registry, agreement, keys, message):
    number = proposed(registry)
    with pytest.raises(RegistryError, match=message):
        agreement.sign(number, **SALES | keys)
    assert agreement.signatures() == ()


def test_the_tables_themselves_keep_signatures_and_points_as_they_are(registry, agreement):
    number = proposed(registry)
    agreement.sign(number, **SALES)
    point = agreement.add_point("holdout?", author="Ann")
    agreement.resolve(point.id, author="Bob", note="5 %")
    with closing(sqlite3.connect(registry.path)) as connection:
        for statement, problem in [
            ("update signatures set name = 'X'", "never changes"),
            ("delete from signatures", "never removed"),
            ("update points set text = 'X'", "never changes"),
            ("delete from points", "never removed"),
            ("update resolutions set note = 'X'", "never changes"),
            ("delete from resolutions", "never removed"),
            (
                "insert into signatures (proposal, version, side, name, role, comment, at)"
                " values (1, 1, 'sales', 'X', 'X', '', '')",
                "only a version that is proposed",
            ),
        ]:
            with pytest.raises(sqlite3.IntegrityError, match=problem):
                connection.execute(statement)


def test_points_and_decisions_belong_to_a_version(registry, agreement):
    assert agreement.points() == ()
    first = agreement.add_point("who calls in August?", author="Sam")
    assert (first.id, first.version, first.is_open) == (1, 1, True)
    number = proposed(registry)
    decision = agreement.add_point("5 % holdout", author="Mary", kind="decision", version=number)
    assert not decision.is_open
    for _ in range(2):
        done = agreement.resolve(first.id, author="Sam", note="Tina does")
    assert (done.is_open, done.resolution.note) == (False, "Tina does")
    assert [point.id for point in agreement.points()] == [1, 2]
    assert [point.id for point in agreement.points(number)] == [2]
    assert agreement.points(only_open=True) == ()
    with pytest.raises(RegistryError, match=r"resolved by Sam on .*: Tina does"):
        agreement.resolve(first.id, author="Sam", note="nobody does")
    with pytest.raises(RegistryError, match="got point 2, a decision"):
        agreement.resolve(decision.id, author="Sam", note="no")
    with pytest.raises(RegistryError, match="got 7; list them"):
        agreement.resolve(7, author="Sam", note="no")


def as_the_earlier_program_wrote(registry):
    """Take the later tables out again: what is left is a file of the first format."""
    with closing(sqlite3.connect(registry.path)) as connection:
        for table in ("resolutions", "points", "signatures"):
            connection.execute(f"drop table {table}")
        connection.execute(f"pragma user_version = {registry_schema.FORMAT_WITHOUT_AGREEMENT}")
        connection.commit()


def test_the_first_format_had_the_tables_that_the_schema_begins_with(tmp_path, registry):
    """The helper above does give the file that an earlier program wrote."""
    proposed(registry)
    as_the_earlier_program_wrote(registry)
    with closing(sqlite3.connect(":memory:")) as old, closing(sqlite3.connect(registry.path)) as found:
        old.executescript(registry_schema.SCHEMA)
        tables = "select type, name, sql from sqlite_schema order by name"
        assert found.execute(tables).fetchall() == old.execute(tables).fetchall()


def test_a_history_of_the_earlier_program_is_read_as_it_is_and_goes_on_without_loss(registry, agreement):
    number = proposed(registry)
    before = registry.versions(), registry.history()
    as_the_earlier_program_wrote(registry)
    content = registry.path.read_bytes()
    assert (registry.versions(), registry.history()) == before
    assert (agreement.signatures(), agreement.points()) == ((), ())
    [proposal] = agreement.proposals()
    assert proposal.missing == ("sales", "marketing")
    assert registry.path.read_bytes() == content
    agreement.sign(number, **SALES)
    assert (registry.versions(), registry.history()) == before
    assert agreement.sign(number, **MARKETING).state == "champion"
    assert registry.history()[: len(before[1])] == before[1]
