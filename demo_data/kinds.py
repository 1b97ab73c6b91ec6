"""The kinds of activities in the demo data and the properties each of them carries."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple


class Kind(IntEnum):
    """What an activity is; several kinds may share one `activity_type` and differ in a property."""

    OPEN = 0
    CLICK = 1
    PAGE_VIEW = 2
    PRICING_VIEW = 3
    CAREERS_VIEW = 4
    WHITE_PAPER = 5
    REGISTRATION = 6
    WEBINAR = 7
    EVENT = 8
    SOCIAL = 9
    CONTACT_FORM = 10
    TRIAL = 11
    ONBOARDING = 12
    SUPPORT = 13
    LIKE = 14
    COMMENT = 15
    SHARE = 16
    MENTION = 17
    POST_CLICK = 18
    PRODUCT_VIEW = 19
    PRODUCT_SHARE = 20
    CART = 21
    ORDER = 22
    REVIEW = 23
    REFERRAL = 24


class KindWords(NamedTuple):
    """How a kind is written down. An empty tuple leaves the property blank; `value` is a range, or None."""

    activity_type: str
    channel: str
    campaign: str = ""
    asset: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    interaction: tuple[str, ...] = ()
    value: tuple[int, int] | None = None


WHITE_PAPERS: Final = ("Planning guide", "Inventory checklist", "Cost of stockouts", "Buyer's handbook")
WEBINARS: Final = (
    "Planning in one hour",
    "Forecasting basics",
    "From spreadsheets to plans",
    "Customer stories",
)
EVENTS: Final = ("Spring trade fair", "Autumn trade fair", "Planning day")
NETWORKS: Final = ("professional network", "video site", "short messages")
# Where the company's own pages are, as the listening tool writes it; the first one is where its buyers are.
PAGE_NETWORKS: Final = ("linkedin", "linkedin", "linkedin", "x", "youtube", "facebook", "instagram")
SHOP_ITEMS: Final = ("Planner course", "Template pack", "Data connector", "Forecast check")
PAGES: Final = ("/", "/product", "/product/flow", "/customers", "/blog", "/docs", "/about")


def _on_network(interaction: str) -> KindWords:
    return KindWords(
        "social_engagement", "social", "Company pages", network=PAGE_NETWORKS, interaction=(interaction,)
    )


# `value` is seconds on the page, minutes attended, minutes on the call, stars, or what was paid.
WORDS: Final[dict[Kind, KindWords]] = {
    Kind.OPEN: KindWords("email_open", "email", "Newsletter"),
    Kind.CLICK: KindWords("email_click", "email", "Newsletter", page=PAGES),
    Kind.PAGE_VIEW: KindWords("page_view", "web", page=PAGES, value=(5, 300)),
    Kind.PRICING_VIEW: KindWords("page_view", "web", page=("/pricing",), value=(20, 400)),
    Kind.CAREERS_VIEW: KindWords("page_view", "web", page=("/careers",), value=(20, 600)),
    Kind.WHITE_PAPER: KindWords("white_paper_download", "web", "Content", asset=WHITE_PAPERS),
    Kind.REGISTRATION: KindWords("webinar_registration", "webinar", "Webinar series", asset=WEBINARS),
    Kind.WEBINAR: KindWords("webinar_attendance", "webinar", "Webinar series", asset=WEBINARS, value=(5, 60)),
    Kind.EVENT: KindWords("event_attendance", "event", "Trade fairs", asset=EVENTS),
    Kind.SOCIAL: KindWords(
        "social_interaction",
        "social",
        "Social posts",
        network=NETWORKS,
        interaction=("like", "comment", "share"),
    ),
    Kind.CONTACT_FORM: KindWords(
        "contact_form", "form", page=("/contact", "/demo"), interaction=("demo_request", "question")
    ),
    Kind.TRIAL: KindWords("trial_start", "product", asset=("Quillmere Plan", "Quillmere Flow")),
    Kind.ONBOARDING: KindWords("onboarding_call", "phone", value=(15, 60)),
    Kind.SUPPORT: KindWords("support_ticket", "product", interaction=("question", "fault")),
    Kind.LIKE: _on_network("like"),
    Kind.COMMENT: _on_network("comment"),
    Kind.SHARE: _on_network("share"),
    Kind.MENTION: _on_network("mention"),
    Kind.POST_CLICK: _on_network("click"),
    Kind.PRODUCT_VIEW: KindWords("product_view", "shop", asset=SHOP_ITEMS, value=(5, 240)),
    Kind.PRODUCT_SHARE: KindWords("product_share", "shop", asset=SHOP_ITEMS, network=PAGE_NETWORKS),
    Kind.CART: KindWords("cart_add", "shop", asset=SHOP_ITEMS),
    Kind.ORDER: KindWords("shop_order", "shop", asset=SHOP_ITEMS, value=(49, 490)),
    Kind.REVIEW: KindWords("review", "community", asset=SHOP_ITEMS, value=(1, 5)),
    Kind.REFERRAL: KindWords("referral", "community"),
}

# Shares of what a lead does by itself (email opens and what follows a win come apart from these).
MIX_KINDS: Final = (
    Kind.CLICK,
    Kind.PAGE_VIEW,
    Kind.PRICING_VIEW,
    Kind.CAREERS_VIEW,
    Kind.WHITE_PAPER,
    Kind.WEBINAR,
    Kind.EVENT,
    Kind.SOCIAL,
    Kind.CONTACT_FORM,
    Kind.TRIAL,
)
BROWSING_MIX: Final = (0.26, 0.39, 0.045, 0.005, 0.09, 0.05, 0.03, 0.11, 0.005, 0.02)
PROJECT_MIX: Final = (0.18, 0.295, 0.15, 0.0, 0.10, 0.09, 0.04, 0.06, 0.035, 0.06)
JOB_SEEKER_MIX: Final = (0.14, 0.26, 0.05, 0.30, 0.09, 0.07, 0.02, 0.07, 0.0, 0.0)
PURCHASED_MIX: Final = (0.88, 0.12, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
MIXES: Final = (BROWSING_MIX, PROJECT_MIX, JOB_SEEKER_MIX, PURCHASED_MIX)
