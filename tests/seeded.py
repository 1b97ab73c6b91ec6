"""How many random cases a test looks at."""

import os

from hypothesis import settings


def examples(count: int, part: int = 1) -> settings:
    """So many cases, or what TIERLINE_EXAMPLES says; of a test that takes long, one part of them."""
    return settings(max_examples=int(os.environ.get("TIERLINE_EXAMPLES", count)) // part)
