"""What other processes do to a registry while a test kills them, limits them or lets them compete.

Run by a fork server that has all of it imported, so that a process starts in milliseconds.
"""

import multiprocessing
import resource
import time
from itertools import count

from queries.agreement import Agreement
from queries.registry import Registry
from queries.versions import RegistryError, SavedFigures, VersionConflict
from queries.workspace import Workspace
from scoring.model_file import parse_model

MODEL = """
schema_version = 1
name = "Small"
[conversion]
stages = ["won"]
horizon_days = 90
[[tiers]]
name = "Cold"
threshold = 0
[[tiers]]
name = "Hot"
threshold = 50
[[rules]]
id = "visit"
category = "engagement"
source = "activity"
points = {points}
"""
FIGURES = SavedFigures("data-1", {"model": "Small", "periods": [], "pooled": {"leads": 12, "rate": 0.5}})

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


def small_model(points):
    """A model that is another one for every number of points."""
    return parse_model(MODEL.format(points=points))


def registry_in(folder):
    return Registry(Workspace.open(folder), small_model(0))


def points_of(version):
    return version.model.rule("visit").points


def begin(folder, said):
    """The first save of a workspace."""
    said.send("ready")
    registry_in(folder).save(small_model(1), author="Ann", note="begins", figures=FIGURES)
    said.send("saved")


def save_and_promote(folder, start, said):
    """Save and make champions until somebody kills the process; say what is done once it is done."""
    registry = registry_in(folder)
    for points in count(start):
        parent = registry.versions(limit=1)[0].number
        saved = registry.save(
            small_model(points), author="Ann", note=f"{points} points", parent=parent, figures=FIGURES
        )
        said.send(("saved", saved.number, saved.content_sha256))
        if points % 3 == 0:
            registry.propose(saved.number, author="Ann")
            said.send(("proposed", saved.number, saved.content_sha256))
        if points % 2 == 0:
            registry.make_champion(saved.number, author="Bob", note="agreed")
            said.send(("champion", saved.number, saved.content_sha256))


def count_up(folder, author, saves, said):
    """Add one point to whatever is the newest, so many times; a conflict is answered by looking again."""
    registry = registry_in(folder)
    conflicts = 0
    for number in range(saves):
        while True:
            newest = registry.versions(limit=1)[0]
            try:
                registry.save(
                    small_model(points_of(newest) + 1),
                    author=author,
                    note=f"{number}",
                    parent=newest.number,
                )
            except VersionConflict:
                conflicts += 1
            else:
                break
    said.send(conflicts)


def replace_champion(folder, author, times, said):
    """Fork and make the fork the champion, so many times, whatever others do."""
    registry = registry_in(folder)
    for number in range(times):
        saved = registry.save(
            small_model(1 + number), author=author, note=f"{number}", parent=1, fork=True, figures=FIGURES
        )
        registry.make_champion(saved.number, author=author)
    said.send("done")


def save_without_room(folder, bytes_allowed, said):
    """Save until files may not grow any more, then again with room."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_allowed, hard))
    problem = save_until_full(registry_in(folder))
    readable = len(registry_in(folder).versions())
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    said.send((problem, readable))


def save_until_full(registry):
    """Save until it fails, and say how many versions there are and what was said."""
    for points in range(1, 2000):
        parent = registry.versions(limit=1)
        try:
            registry.save(
                small_model(points),
                author="Ann",
                note="x" * 3000,
                parent=parent[0].number if parent else None,
                figures=FIGURES,
            )
        except RegistryError as error:
            return points - 1, str(error)
    raise AssertionError("there was room for everything")


SIGNERS = {"sales": ("Sam", "head of sales"), "marketing": ("Mary", "head of marketing")}


def sign_for(folder, number, side):
    """One side's signature under a version."""
    name, role = SIGNERS[side]
    return Agreement(registry_in(folder)).sign(number, side=side, name=name, role=role, comment="agreed")


def propose_and_sign(folder, start, said):
    """Save, propose and have both sides sign until somebody kills the process; say what is done."""
    registry = registry_in(folder)
    for points in count(start):
        parent = registry.versions(limit=1)[0].number
        saved = registry.save(
            small_model(points), author="Ann", note=f"{points} points", parent=parent, figures=FIGURES
        )
        registry.propose(saved.number, author="Ann")
        # Either order.
        for side in sorted(SIGNERS, reverse=points % 2 == 0):
            sign_for(folder, saved.number, side)
            said.send((side, saved.number))


def sign_when_proposed(folder, side, until, said):
    """Sign for one side whatever is proposed, until this version is in use."""
    agreement, registry = Agreement(registry_in(folder)), registry_in(folder)
    refused = 0
    while registry.champion().number < until:
        for proposal in agreement.proposals():
            try:
                sign_for(folder, proposal.version.number, side)
            except RegistryError:
                refused += 1
        time.sleep(0.005)
    said.send(refused)
