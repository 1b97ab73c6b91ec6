"""What arrays leave behind serves the next ones."""

import platform
import subprocess
import sys

import pytest

NEW_PAGES = """
import resource, sys
import numpy as np
from queries.freed_memory import keep_freed_memory

if sys.argv[1] == "kept":
    assert keep_freed_memory()

def work():
    # Below the 4 MB from which numpy asks for pages of another size.
    arrays = [np.ones(400_000) for _ in range(8)]
    return sum(array[-1] for array in arrays)

work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def new_pages(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", NEW_PAGES, how], capture_output=True, text=True, check=True, timeout=120
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_the_same_work_again_asks_the_system_for_no_new_pages():
    # 10 times 8 arrays of 782 pages each.
    assert new_pages("kept") < 782 < new_pages("by itself")
