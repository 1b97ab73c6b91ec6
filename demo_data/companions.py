"""What leads do besides, on networks and in the shop: drawn last, so that nothing else changes with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demo_data import effects
from demo_data.journey import Activities, join_activities
from demo_data.kinds import Kind
from demo_data.timeline import DAY, Integers, whole_seconds


def draw_companions(
    rng: np.random.Generator,
    activities: Activities,
    created: Integers,
    won_at: Integers,
    companions: Sequence[effects.Companion],
) -> Activities:
    """Activities that come along with those that there are.

    Parameters
    ----------
    rng : numpy.random.Generator
        A stream of its own: what was drawn before stays as it is.
    activities : Activities
        What the leads did. Email opens, and what follows a win, have no companions.
    created, won_at : int64 array, shape (leads,)
        When each lead was made and won (the largest integer for those that never did), in microseconds.
    companions : sequence of Companion

    Returns
    -------
    Activities
        Each within the day of the activity that it accompanies, and not after it: a score at any midnight
        sees both or none, so a rule about silence gives what it gave.
    """
    is_anchor = (activities.kind != Kind.OPEN) & (activities.time < won_at[activities.lead])
    anchors = activities.where(is_anchor)
    telling = won_at[anchors.lead] - anchors.time < effects.TELLING_DAYS * DAY
    parts = []
    for companion in companions:
        chance = np.where(telling, companion.chance * companion.telling, companion.chance)
        beside = anchors.where(rng.random(len(anchors)) < chance)
        day_start = beside.time // DAY * DAY
        earlier = rng.random(len(beside)) * (beside.time - day_start)
        time = beside.time - whole_seconds(earlier.astype(np.int64))
        parts.append(
            Activities(
                beside.lead,
                np.maximum(time, created[beside.lead]),
                np.full(len(beside), int(companion.kind)),
            )
        )
    return join_activities(*parts)
