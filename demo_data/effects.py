"""What the demo data plants: the strength of every effect, in one place. README.md lists how to see each."""

from __future__ import annotations

from typing import Final, NamedTuple

from demo_data.kinds import Kind


class Behaviour(NamedTuple):
    """How an activity moves a lead towards buying.

    `weight` is what the first activities add to the lead's pull (more of them add less and less); after
    `half_life_days` half of it is left.
    """

    kinds: tuple[Kind, ...]
    weight: float
    half_life_days: float


PULL: Final = (
    Behaviour((Kind.PRICING_VIEW,), 1.8, 45),
    Behaviour((Kind.WEBINAR, Kind.EVENT), 1.4, 60),
    Behaviour((Kind.CONTACT_FORM,), 5.0, 40),
    # Decays within days: a trial that is not followed up at once is as good as none.
    Behaviour((Kind.TRIAL,), 14.0, 5),
    Behaviour((Kind.WHITE_PAPER,), 0.35, 60),
    Behaviour((Kind.CLICK,), 0.25, 45),
    Behaviour((Kind.SOCIAL, Kind.PAGE_VIEW), 0.06, 30),
)
# Email opens are not listed: mail gateways open every message, so an open says nothing.

# The chance to buy in a step is BASE_CHANCE x season x (IDLE_PULL + fit x pull), less for careers visitors.
BASE_CHANCE: Final = 0.0025
IDLE_PULL: Final = 0.02

# Who looks at the jobs wants a job: each visit (fading over half a year) takes the chance down to this share.
CAREERS_FACTOR: Final = 0.1
CAREERS_HALF_LIFE_DAYS: Final = 180.0

# Fit multiplies what engagement does; alone it does nothing.
FIT_BOTH: Final = 4.0
FIT_SENIOR: Final = 1.0
FIT_RIGHT_ACCOUNT: Final = 1.0
FIT_NEITHER: Final = 0.35

# The list bought in 2025-Q3: of all leads, how many; they open and click, and never buy.
PURCHASED_SHARE: Final = 0.04
PURCHASED_QUARTER: Final = "2025-Q3"

ROBOT_SHARE: Final = 0.15
QUIET_SHARE: Final = 0.08
JOB_SEEKER_SHARE: Final = 0.08
JOB_SEEKER_INTEREST: Final = 1.5
SHARED_DEAL_CHANCE: Final = 0.4
