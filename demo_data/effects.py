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


class Companion(NamedTuple):
    """An activity that comes along with another one of the same day.

    `chance` for each activity that is no email open; `TELLING_DAYS` or fewer before the win it is
    `telling` times as likely. It is drawn after the outcomes, which it does not move.
    """

    kind: Kind
    chance: float
    telling: float


TELLING_DAYS: Final = 120
# Who writes or passes something on thinks about buying; likes and clicks are habit.
SOCIAL: Final = (
    Companion(Kind.LIKE, 0.05, 1.0),
    Companion(Kind.POST_CLICK, 0.03, 1.0),
    Companion(Kind.COMMENT, 0.014, 3.5),
    Companion(Kind.SHARE, 0.010, 3.5),
    Companion(Kind.MENTION, 0.004, 3.5),
)
# In the shop for courses and templates carts and earlier orders tell; passing a product on does not.
SHOP: Final = (
    Companion(Kind.PRODUCT_VIEW, 0.06, 1.4),
    Companion(Kind.PRODUCT_SHARE, 0.012, 1.0),
    Companion(Kind.CART, 0.016, 2.5),
    Companion(Kind.ORDER, 0.012, 2.2),
)
# The quests of the community: who brings a friend has made up their mind, a review is written sooner.
COMMUNITY: Final = (
    Companion(Kind.REVIEW, 0.010, 2.0),
    Companion(Kind.REFERRAL, 0.006, 4.0),
)

ROBOT_SHARE: Final = 0.15
QUIET_SHARE: Final = 0.08
JOB_SEEKER_SHARE: Final = 0.08
JOB_SEEKER_INTEREST: Final = 1.5
SHARED_DEAL_CHANCE: Final = 0.4
