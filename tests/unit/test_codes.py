"""Codes: every slip of one finger is seen, every keyboard of our readers is understood."""

import itertools

import pytest

from app.core import codes
from app.core.errors import CodeMistyped

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = "0123456789"


def neighbours_swapped(code):
    """Every code made by swapping two different neighbours."""
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def one_sign_wrong(code, alphabet):
    for place, right in enumerate(code):
        for wrong in alphabet:
            if wrong != right:
                yield code[:place] + wrong + code[place + 1 :]


def test_damm_gives_the_check_digit_of_the_textbook():
    assert codes.damm_digit("572") == "4"
    assert codes.is_damm_valid("5724")


def test_damm_refuses_another_check_digit():
    assert not codes.is_damm_valid("5727")


@pytest.mark.parametrize("digits", ["", "57a4", "۵۷۲۴", "²"])
def test_only_latin_digits_can_be_valid(digits):
    assert not codes.is_damm_valid(digits)


def test_a_check_digit_of_anything_but_latin_digits_is_refused():
    with pytest.raises(ValueError, match="Latin digits"):
        codes.damm_digit("۵۷۲")


def test_the_damm_table_is_a_latin_square_with_zeros_on_the_diagonal():
    table = codes._DAMM
    assert all(sorted(row) == list(range(10)) for row in table)
    assert all(sorted(column) == list(range(10)) for column in zip(*table, strict=True))
    assert [table[digit][digit] for digit in range(10)] == [0] * 10


def test_the_damm_table_is_totally_anti_symmetric():
    table = codes._DAMM
    assert not [
        (rest, x, y)
        for rest, x, y in itertools.product(range(10), repeat=3)
        if x != y and table[table[rest][x]][y] == table[table[rest][y]][x]
    ]


def test_every_wrong_digit_of_every_card_is_seen():
    slips = [
        wrong
        for number in range(1000)
        for wrong in one_sign_wrong(codes.card_number(number), DIGITS)
    ]
    assert len(slips) == 36_000
    assert not any(codes.is_damm_valid(slip) for slip in slips)


def test_every_swap_of_neighbours_on_every_card_is_seen():
    slips = [
        slip for number in range(1000) for slip in neighbours_swapped(codes.card_number(number))
    ]
    assert len(slips) == 2_700
    assert not any(codes.is_damm_valid(slip) for slip in slips)


def test_every_slip_in_join_codes_from_the_whole_range_is_seen():
    for number in range(10_000, 100_000, 331):
        code = codes.join_code(number)
        assert not any(codes.is_damm_valid(slip) for slip in one_sign_wrong(code, DIGITS))
        assert not any(codes.is_damm_valid(slip) for slip in neighbours_swapped(code))


def test_join_codes_have_six_digits_and_all_differ():
    every = {codes.join_code(number) for number in range(10_000, 100_000)}
    assert len(every) == 90_000
    assert {len(code) for code in every} == {6}
    assert "0" not in {code[0] for code in every}


@pytest.mark.parametrize("number", [-1, 0, 9_999, 100_000])
def test_a_join_code_is_made_from_five_digits_only(number):
    with pytest.raises(ValueError, match=r"10000\.\.99999"):
        codes.join_code(number)


def test_card_numbers_have_four_digits_and_leading_zeros():
    assert codes.card_number(0) == "0000"
    assert codes.card_number(7) == "0076"
    assert codes.card_number(418) == "4183"
    assert codes.card_number(572) == "5724"
    assert len({codes.card_number(number) for number in range(1000)}) == 1000


@pytest.mark.parametrize("number", [-1, 1000])
def test_a_card_number_is_made_from_three_digits_only(number):
    with pytest.raises(ValueError, match=r"0\.\.999"):
        codes.card_number(number)


@pytest.mark.parametrize(
    "typed",
    [
        "482711",
        "۴۸۲۷۱۱",
        "٤٨٢٧١١",
        "৪৮২৭১১",
        "४८२७११",
        "\uff14\uff18\uff12\uff17\uff11\uff11",
        "۴8۲7১1",
        " 482 711\r\n",
        "482\u00a0711",
        "482\u202f711",
        "482-711",
        "482\u2011711",
        "482\u2212711",
        "482.711",
        "482·711",
        "۴۸۲۔۷۱۱",
        "\u2066482\u2069 \u2068711\u2069",
        "\u200f482711\u200e",
        "\ufeff482\u200c711",
        "\u202b482711\u202c",
    ],
)
def test_digits_are_read_in_any_script_and_any_grouping(typed):
    assert codes.read_digits(typed) == "482711"


@pytest.mark.parametrize("typed", ["48271l", "482711?", "48²711", "٤٨٢/711", "½", "+482711", "۴a"])
def test_anything_else_beside_the_digits_is_not_a_number(typed):
    assert codes.read_digits(typed) is None


def test_nothing_typed_is_no_digits():
    assert codes.read_digits(" - ") == ""


def test_a_join_code_is_read_back_as_it_was_made():
    assert codes.join_code(48271) == "482711"
    assert codes.read_join_code("۴۸۲ ۷۱۱") == "482711"


@pytest.mark.parametrize("typed", ["482719", "482171", "48271", "4827110", "", "48271I", "pre"])
def test_a_join_code_that_cannot_be_one_is_answered_at_once(typed):
    with pytest.raises(CodeMistyped) as refused:
        codes.read_join_code(typed)
    assert refused.value.facts == {"typed": typed, "kind": "join_code"}


def test_a_join_code_never_begins_with_zero_even_when_its_check_digit_fits():
    code = "01234" + codes.damm_digit("01234")
    with pytest.raises(CodeMistyped):
        codes.read_join_code(code)


def test_a_card_number_is_read_back_as_it_was_made():
    assert codes.read_card_number("۵۷ ۲۴") == "5724"


@pytest.mark.parametrize("typed", ["5742", "572", "57240", "", "57x4"])
def test_a_card_number_that_cannot_be_one_is_answered_at_once(typed):
    with pytest.raises(CodeMistyped) as refused:
        codes.read_card_number(typed)
    assert refused.value.facts == {"typed": typed, "kind": "card_number"}


def test_certificate_numbers_have_eleven_signs_of_crockfords_alphabet():
    assert codes.certificate_number(0) == "00000000000"
    assert codes.certificate_number(1)[:10] == "0000000001"
    assert codes.certificate_number(2**50 - 1)[:10] == "ZZZZZZZZZZ"
    for value in range(0, 2**50, 2**50 // 97):
        number = codes.certificate_number(value)
        assert len(number) == 11
        assert set(number) <= set(CROCKFORD)


def test_the_check_sign_of_one_is_x_in_the_field():
    assert codes.certificate_number(1) == "00000000012"
    assert codes.certificate_number(32) == "00000000104"
    assert codes.certificate_number(32**5) == "0000100000A"


def test_certificate_numbers_are_made_from_fifty_bits_only():
    for value in (-1, 2**50):
        with pytest.raises(ValueError, match="50 bits"):
            codes.certificate_number(value)


SAMPLE = [codes.certificate_number(value) for value in (0, 1, 2**50 - 1, 7**17, 11**14, 123456789)]


def is_certificate(number):
    try:
        codes.read_certificate_number(number)
    except CodeMistyped:
        return False
    return True


@pytest.mark.parametrize("number", SAMPLE)
def test_every_wrong_sign_in_a_certificate_number_is_seen(number):
    slips = list(one_sign_wrong(number, CROCKFORD))
    assert len(slips) == 11 * 31
    assert not any(is_certificate(slip) for slip in slips)


@pytest.mark.parametrize("number", SAMPLE)
def test_every_swap_of_two_different_signs_near_or_far_is_seen(number):
    for first, second in itertools.combinations(range(11), 2):
        signs = list(number)
        signs[first], signs[second] = signs[second], signs[first]
        assert is_certificate("".join(signs)) == (number[first] == number[second])


def test_the_weights_of_the_check_are_eleven_different_members_of_the_field():
    weights = [codes.weighted_sum([1] + [0] * place) for place in range(10)]
    assert weights == [2, 4, 8, 16, 5, 10, 20, 13, 26, 17]
    assert len({1, *weights}) == 11


@pytest.mark.parametrize(
    "typed",
    [
        "0000 0000 012",
        "oooo-oooo-o12",
        "OOOOOOOOOi2",
        "OOOOOOOOOI2".lower(),
        "000000000L2",
        "000000000l2",
        "\u2066000000000۱۲\u2069",
    ],
)
def test_a_certificate_number_is_read_however_it_is_typed(typed):
    assert codes.read_certificate_number(typed) == "00000000012"


@pytest.mark.parametrize("typed", ["", "0000000001", "000000000122", "0000000001U", "0000000001ı"])
def test_a_certificate_number_that_cannot_be_one_is_answered_at_once(typed):
    with pytest.raises(CodeMistyped) as refused:
        codes.read_certificate_number(typed)
    assert refused.value.facts == {"typed": typed, "kind": "certificate_number"}


def test_codes_are_cut_into_groups_for_the_eye():
    assert codes.grouped("482711", codes.JOIN_CODE_GROUPS) == ("482", "711")
    assert codes.grouped("5724", codes.CARD_NUMBER_GROUPS) == ("57", "24")
    assert codes.grouped("5724", (1, 3)) == ("5", "724")
    assert codes.grouped("7K3M9QXP2R0", codes.CERTIFICATE_NUMBER_GROUPS) == ("7K3M", "9QXP", "2R0")


@pytest.mark.parametrize("sizes", [(3, 2), (3, 4), (), (6, 0), (7, -1)])
def test_groups_that_do_not_fit_the_code_are_refused(sizes):
    with pytest.raises(ValueError, match="cannot be shown"):
        codes.grouped("482711", sizes)


def test_loan_codes_have_twelve_digits_and_leading_zeros():
    assert codes.loan_code(0) == "000000000000"
    assert codes.loan_code(418)[:11] == "00000000418"
    assert codes.is_damm_valid(codes.loan_code(12_345_678_901))
    assert len(codes.loan_code(codes.LOAN_CODES - 1)) == sum(codes.LOAN_CODE_GROUPS) == 12


@pytest.mark.parametrize("number", [-1, 10**11])
def test_a_loan_code_is_made_from_eleven_digits_only(number):
    with pytest.raises(ValueError, match="loan code"):
        codes.loan_code(number)


def test_a_loan_code_is_read_in_any_digits_and_a_slip_is_seen():
    code = codes.loan_code(98_765_432_109)
    assert codes.read_loan_code(f"{code[:4]} {code[4:8]}-{code[8:]}") == code
    assert codes.read_loan_code(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == code
    for wrong in [
        *one_sign_wrong(code, DIGITS),
        *neighbours_swapped(code),
        code[:-1],
        "",
        "a" * 12,
    ]:
        with pytest.raises(CodeMistyped) as refused:
            codes.read_loan_code(wrong)
        assert refused.value.facts == {"typed": wrong, "kind": "loan_code"}
