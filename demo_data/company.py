"""The invented company: what Quillmere Software sells, to whom, and the words its records are written in."""

from __future__ import annotations

from typing import Final, NamedTuple

COMPANY: Final = "Quillmere Software"

PRODUCTS: Final = ("Quillmere Plan", "Quillmere Flow", "Quillmere Insight")
PRODUCT_WEIGHTS: Final = (0.5, 0.3, 0.2)
PRODUCT_PRICES: Final = (14_000, 26_000, 38_000)


class Title(NamedTuple):
    """A job title as leads type it, and what the CRM makes of it."""

    job_title: str
    seniority: str
    department: str
    weight: float


TITLES: Final = (
    Title("Chief Operating Officer", "C-level", "Operations", 3),
    Title("Chief Information Officer", "C-level", "IT", 2),
    Title("Chief Financial Officer", "C-level", "Finance", 2),
    Title("VP Supply Chain", "VP", "Operations", 4),
    Title("VP Operations", "VP", "Operations", 4),
    Title("Director of Planning", "Director", "Operations", 8),
    Title("Director of IT", "Director", "IT", 6),
    Title("Head of Logistics", "Director", "Operations", 6),
    Title("Operations Manager", "Manager", "Operations", 12),
    Title("Planning Manager", "Manager", "Operations", 9),
    Title("IT Manager", "Manager", "IT", 8),
    Title("Finance Manager", "Manager", "Finance", 5),
    Title("Demand Planner", "Specialist", "Operations", 10),
    Title("Business Analyst", "Specialist", "IT", 9),
    Title("Procurement Specialist", "Specialist", "Procurement", 6),
    Title("Working Student", "Student", "Other", 4),
    Title("Intern", "Student", "Other", 2),
)
SENIOR_LEVELS: Final = ("C-level", "VP", "Director")
UNKNOWN_TITLE_SHARE: Final = 0.05


class Industry(NamedTuple):
    """An industry and the last words of company names in it."""

    name: str
    weight: float
    name_words: tuple[str, str, str, str]


INDUSTRIES: Final = (
    Industry("Manufacturing", 22, ("Works", "Components", "Machinery", "Castings")),
    Industry("Logistics", 14, ("Freight", "Logistics", "Haulage", "Warehousing")),
    Industry("Wholesale", 12, ("Trading", "Supply", "Wholesale", "Distribution")),
    Industry("Retail", 14, ("Stores", "Retail", "Markets", "Outfitters")),
    Industry("Services", 14, ("Consulting", "Partners", "Services", "Advisory")),
    Industry("Healthcare", 9, ("Clinics", "Care", "Medical", "Laboratories")),
    Industry("Education", 7, ("Academy", "College", "Institute", "Learning")),
    Industry("Public sector", 8, ("Authority", "Council", "Utilities", "Transit")),
)
# The software plans goods: it fits those who make, move or trade them, at a size that has a planning team.
RIGHT_INDUSTRIES: Final = ("Manufacturing", "Logistics", "Wholesale")
RIGHT_EMPLOYEES: Final = (200, 5000)
EMPLOYEE_BANDS: Final = ((1, "1-49"), (50, "50-199"), (200, "200-999"), (1000, "1000-5000"), (5001, "5001+"))


class Country(NamedTuple):
    """A country and the sales region it belongs to."""

    name: str
    region: str
    weight: float


COUNTRIES: Final = (
    Country("United States", "Americas", 28),
    Country("Canada", "Americas", 6),
    Country("Brazil", "Americas", 4),
    Country("Germany", "EMEA", 15),
    Country("United Kingdom", "EMEA", 13),
    Country("France", "EMEA", 8),
    Country("Netherlands", "EMEA", 5),
    Country("Sweden", "EMEA", 3),
    Country("Australia", "APAC", 7),
    Country("Japan", "APAC", 6),
    Country("Singapore", "APAC", 5),
)
OWNERS: Final = ("Americas desk 1", "Americas desk 2", "EMEA desk 1", "EMEA desk 2", "APAC desk 1")
OWNERS_BY_REGION: Final = {"Americas": (0, 1), "EMEA": (2, 3), "APAC": (4, 4)}


class Source(NamedTuple):
    """Where leads come from; `interest` multiplies how much such a lead does."""

    name: str
    campaign: str
    weight: float
    interest: float


SOURCES: Final = (
    Source("website", "Website", 28, 1.0),
    Source("paid_search", "Search ads", 20, 0.9),
    Source("webinar", "Webinar series", 14, 1.1),
    Source("event", "Trade fairs", 11, 1.0),
    Source("social", "Social ads", 13, 0.7),
    Source("partner", "Partner programme", 8, 1.2),
    Source("referral", "Customer referrals", 6, 1.5),
    Source("purchased_list", "Contact list", 0, 1.0),
)
PURCHASED_LIST: Final = len(SOURCES) - 1
PERSONAL_DOMAINS: Final = ("postbox.example", "freemail.example", "inbox.example")

# Name parts that make no company's name: 60 x 40 x 30 roots, four words for each industry.
NAME_STARTS: Final = tuple(a + b for a in "bdfgklmnprtv" for b in ("a", "e", "i", "o", "u"))
NAME_MIDDLES: Final = tuple(a + b for a in ("ld", "lv", "nd", "nt", "rm", "rv", "sk", "st") for b in "aeiou")
NAME_ENDS: Final = tuple(
    a + b for a in ("b", "d", "k", "l", "m", "n", "r", "s", "t", "v") for b in ("an", "ex", "or")
)

REJECTION_REASONS: Final = (
    "no budget",
    "no need now",
    "wrong contact",
    "too small",
    "student or job seeker",
    "did not reply",
    "never asked to hear from us",
)
LOSS_REASONS: Final = ("price", "chose another product", "no decision", "missing feature", "project stopped")
