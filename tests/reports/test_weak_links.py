"""Weak links: flagged by the rule alone, with the handbook's numbers; pages and notes for those who lead."""

import pytest

from reports.weak_links import Share, Verdict, below, verdict

REST = Share(40, 100)


@pytest.mark.parametrize(
    ("own", "rest", "said"),
    [
        ([Share(6, 25), Share(6, 25)], [REST, REST], Verdict.FEW),
        ([Share(12, 60), Share(12, 60)], [REST, REST], Verdict.WEAK),
        ([Share(12, 60), Share(24, 60)], [REST, REST], Verdict.ONCE),
        ([Share(12, 60), Share(2, 12)], [REST, REST], Verdict.ONCE),
        ([Share(24, 60), Share(12, 60)], [REST, REST], Verdict.FINE),
        ([Share(0, 19), Share(0, 19)], [REST, REST], Verdict.FEW),
        ([Share(0, 20), Share(0, 20)], [REST, REST], Verdict.WEAK),
        ([Share(0, 60), Share(0, 60)], [Share(8, 19), Share(8, 19)], Verdict.FEW),
        ([Share(), Share()], [Share(), Share()], Verdict.FEW),
        ([Share(30, 60), Share(30, 60)], [REST, REST], Verdict.FINE),
    ],
)
def test_only_what_is_sure_is_called_weak(own: list[Share], rest: list[Share], said: Verdict) -> None:
    assert verdict(own, rest) == said


def test_the_upper_bound_decides_and_not_the_share() -> None:
    assert Share(6, 25).bounds.upper > REST.rate > Share(6, 25).rate
    assert Share(12, 60).bounds.upper < REST.rate
    assert not below(Share(6, 25), REST)
    assert below(Share(12, 60), REST)
