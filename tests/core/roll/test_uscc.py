"""The unified social credit code: every single slip is caught, and what is certain is repaired."""

from hypothesis import given
from hypothesis import strategies as st

from feigong.core.roll import uscc
from merge_tables_maker import make_code

CODE = st.integers(0, 99_999_999).map(make_code)


@given(CODE, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_every_wrong_character_is_caught(code: str, at: int, character: str) -> None:
    wrong = code[:at] + character + code[at + 1 :]
    assert uscc.is_valid(wrong) == (wrong == code)


@given(CODE, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_the_right_code_is_among_the_likely_ones(code: str, at: int, character: str) -> None:
    wrong = code[:at] + character + code[at + 1 :]
    if wrong != code:
        assert code in uscc.likely_codes(wrong)
        assert uscc.one_slip_apart(wrong, code)
    for likely in uscc.likely_codes(wrong):
        assert uscc.is_valid(likely)
        assert uscc.organisation_part_is_valid(likely)


@given(CODE, st.integers(0, 17))
def test_a_lost_character_is_found_again(code: str, at: int) -> None:
    assert code in uscc.likely_codes(code[:at] + code[at + 1 :])
    assert uscc.one_slip_apart(code[:at] + code[at + 1 :], code)


def test_only_codes_of_plausible_areas_are_likely() -> None:
    code = make_code(12345678)
    wrong = code[:3] + ("0" if code[3] != "0" else "5") + code[4:]
    assert code in uscc.likely_codes(wrong, frozenset({"2105"}))
    assert all(uscc.area_of(c).startswith("2105") for c in uscc.likely_codes(wrong, frozenset({"2105"})))


def test_repairs_that_are_certain_and_none_else() -> None:
    code = make_code(10101010)
    assert uscc.repaired(f"“{code[:9].lower()} - {code[9:]}”") == code
    assert uscc.repaired(code.replace("1", "I").replace("0", "O")) == code
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert uscc.repaired(wrong.replace("0", "O", 1)) == wrong.replace("0", "O", 1)
    assert not uscc.is_valid(uscc.repaired(wrong))
