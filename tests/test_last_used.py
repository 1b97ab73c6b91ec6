"""What was asked for lately is kept, and is the same for whoever asks, however many do at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.components.last_used import LastUsed


def test_it_is_worked_out_once_until_it_is_let_go():
    kept, asked = LastUsed[str](2), []

    def get(key: str) -> str:
        return kept.get(key, lambda: asked.append(key) or key.upper())

    assert [get(key) for key in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    # When c came, b was the one that nobody had asked for longest.
    assert asked == ["a", "b", "c", "b"]


def test_what_fails_is_passed_on_and_tried_again():
    kept = LastUsed[int](1)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7


def test_many_at_once_each_get_their_own():
    kept = LastUsed[int](2)

    def ask(number: int) -> int:
        return kept.get(number % 5, lambda: number % 5)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(4000))) == [number % 5 for number in range(4000)]
