"""A test is drawn by its seed and marked by its rules."""

from decimal import Decimal

import pytest

from anyshore.assessment import gift
from anyshore.assessment.drawing import Pool, as_drawn, draw, shuffled
from anyshore.assessment.marking import Response, Result, Rules, mark
from anyshore.base.errors import DataError

BANK = gift.loads(
    "$CATEGORY: a\n\n"
    + "\n\n".join(f"// [id:{n}]\nA{n} {{=r ~w}}" for n in range(9))
    + "\n\n$CATEGORY: b\n\nInfo\n\nB {T}"
)


PLAIN = Rules()


def marked(question: str, response: Response, rules: Rules = PLAIN, by_person: str | None = None) -> Result:
    [one] = gift.loads(question).questions
    given = {} if by_person is None else {"q": Decimal(by_person)}
    return mark([as_drawn("q", one, "seed")], {"q": response}, rules, given)


def share(question: str, response: Response, rules: Rules = PLAIN) -> Decimal | None:
    return marked(question, response, rules).questions[0].share


def test_a_seed_draws_the_same_test_and_another_another() -> None:
    pools = (Pool(4, "a"), Pool(category="b"))
    first = [one.key for one in draw(BANK, pools, "1")]
    assert first == [one.key for one in draw(BANK, pools, "1")]
    assert len(set(first)) == 5
    assert first[-1] == "#11"
    assert {tuple(one.key for one in draw(BANK, pools, str(seed))) for seed in range(5)} != {tuple(first)}


def test_every_order_of_answers_is_drawn() -> None:
    orders = {tuple(shuffled(range(3), str(seed))) for seed in range(100)}
    assert len(orders) == 6


def test_a_pool_that_is_too_small_is_refused() -> None:
    with pytest.raises(DataError, match="holds 9 questions, 10 shall be drawn"):
        draw(BANK, [Pool(10, "a")], "1")


@pytest.mark.parametrize(
    ("question", "response", "wanted"),
    [
        ("S {T}", "true", "1"), ("S {T}", "false", "0"), ("S {F}", "nonsense", "0"),
        ("S {=a ~b ~%50%c}", "1", "1"), ("S {=a ~b ~%50%c}", "3", "0.5"), ("S {=a ~b}", ["2", "1"], "0"),
        ("S {=a ~b}", "9", "0"),
        ("S {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}", ["1", "2", "3"], "1"),
        ("S {~%50%a ~%50%b ~%-100%d}", ["1", "3"], "0"), ("S {~%50%a ~%50%b}", ["1", "1"], "0.5"),
        ("S {=Frog =%50%Cat =%0%*}", " frog ", "1"), ("S {=Frog =%50%Cat =%0%*}", "cat", "0.5"),
        ("S {=a*z}", "abcz", "1"),
        ("S {#=1822:0 =%50%1822:2}", "1822", "1"), ("S {#=1822:0 =%50%1822:2}", "1823,5", "0.5"),
        ("S {#1..5}", "NaN", "0"),
        ("S {=a->x =b->y}", ["X", "z"], "0.5"),
    ],
)  # fmt: skip
def test_marks(question: str, response: Response, wanted: str) -> None:
    assert share(question, response) == Decimal(wanted)


def test_a_wrong_answer_costs_and_an_open_one_does_not() -> None:
    rules = Rules(penalty=Decimal("0.25"))
    assert share("S {=a ~b}", "2", rules) == Decimal("-0.25")
    assert share("S {=a ~b}", "", rules) == 0
    assert share("S {~%50%a ~%50%b ~%-100%c}", "3", Rules(negative=True)) == -1


def test_an_essay_waits_for_a_person() -> None:
    assert marked("S {}", "long words").open == ("q",)
    assert marked("S {}", "long words").passed is None
    assert marked("S {}", "long words", by_person="0.8").passed is True
    assert marked("S {}", "").passed is False


def test_feedback_is_of_the_answer_and_for_everybody() -> None:
    found = marked("S {=a#yes ~b#no ####all}", "2").questions[0]
    assert [text.text for text in found.feedback] == ["no", "all"]


def test_passing_is_a_share_of_all_marks() -> None:
    [one] = gift.loads("S {=a ~b}").questions
    test = [as_drawn(str(n), one, "") for n in range(3)]
    found = mark(test, {"0": "1", "1": "1"}, Rules(passing=Decimal("66.67")))
    assert (found.percent, found.passed) == (Decimal("66.67"), True)
