"""Answers carried by hand: what a phone that never reconnects shows, and how it is read again.

The phone shows a QR code and the same characters in groups of five; the trainer scans or types
them. `web/static/rescue.js` writes exactly what `encode` writes; `tests/golden/rescue.json` holds
both to it.

    fields    version 32 | card 1000 | form 2^20 | revision, 7 bits a field of 256 | one per item
              an item with rows: "I do not know" 2 | one per row, of its columns and 0
    number    the fields as one whole number, the first least significant, each in its own base
    body      the number in base 32, least significant first, zeros up to a full group
    whole     body, then CRC-24 of the body in five digits
    groups    four digits of the whole and their check; Crockford's 32 signs
    text      "TAFAWUT" and the groups, a space before each: what the QR code holds

The version is the first sign, and the checks are the same in every version. Every check is against
slips, not against people: whoever can compute it can write answers for any card, so a trainer
takes them in who has the person in front of her.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from app.core import codes
from app.core.rescue_fields import (
    MOST_TEXT_BYTES,
    Answer,
    AnswerImpossible,
    Fields,
    ItemShape,
    item_fields,
    nothing_fields,
    read_answer,
)
from app.core.scoring import ItemKind

VERSION = 1
PREFIX = "TAFAWUT"
GROUP_LENGTH = 5
MOST_GROUPS = 50
"""What fits a QR code of version 10 at level M."""
HIGHEST_REVISION = 2**28 - 1

_BASE = 32
_CARDS = 1000
_FORM_CHECKS = 1 << 20
_CRC_DIGITS = 5
_PER_GROUP = GROUP_LENGTH - 1

# CRC-24 of OpenPGP, RFC 9580 §6.1. crypto.subtle is missing where a phone needs this most.
_CRC_START = 0xB704CE
_CRC_POLYNOMIAL = 0x1864CFB


class RescueFault(StrEnum):
    """Why a text cannot be taken in."""

    NOTHING_TYPED = "nothing_typed"
    WRONG_SIGN = "wrong_sign"
    WRONG_LENGTH = "wrong_length"
    WRONG_GROUP = "wrong_group"
    GROUPS_MISSING = "groups_missing"
    WRONG_WHOLE = "wrong_whole"
    OTHER_VERSION = "other_version"
    OTHER_FORM = "other_form"
    IMPOSSIBLE = "impossible"


class RescueUnreadable(ValueError):
    """Nothing was read; `group` counts from 1, None when no single group is to blame.

    WRONG_SIGN, WRONG_LENGTH and WRONG_GROUP name the first wrong group, but for a WRONG_LENGTH
    beyond `MOST_GROUPS`. GROUPS_MISSING names the last: all is right if more follows on the phone,
    else this group is wrong. WRONG_WHOLE: each group is right, together they are not. IMPOSSIBLE:
    the checks hold, yet no phone writes this for this shape.
    """

    def __init__(self, fault: RescueFault, group: int | None = None) -> None:
        super().__init__(fault.value if group is None else f"{fault.value} in group {group}")
        self.fault = fault
        self.group = group


@dataclass(frozen=True)
class RescueCode:
    """What the phone shows: `text` is in the QR code, `groups` are typed.

    `left_out` holds the places, from 1, of answers that are not in it: a choice the item does not
    have, or a text for which there was no room. They are still on the phone.
    """

    text: str
    groups: tuple[str, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True)
class Heading:
    """Whose answers these are; `revision` is the highest that the phone has given."""

    card: str
    form_check: int
    revision: int


@dataclass(frozen=True)
class Rescue:
    """What was read; one answer per item of the shape, in printed order."""

    heading: Heading
    answers: tuple[Answer, ...]


def form_check(form: str) -> int:
    """Return 20 bits that stand for the form, 0 .. 2^20 - 1.

    `form` is whatever names what was answered: with the administration's id in it, answers of a
    pre-test are not taken for answers of the post-test over the same form.
    """
    return _crc(form.encode()) % _FORM_CHECKS


def encode(
    shape: Sequence[ItemShape], *, card: str, form: str, revision: int, answers: Sequence[Answer]
) -> RescueCode:
    """Return what the phone shows for these answers, one per item of the shape.

    Short texts are taken in printed order while they have together at most `MOST_TEXT_BYTES`; a
    text is never cut, it is left out. ValueError for a card number or a revision that cannot be
    one, for answers that do not go with the shape, and beyond `MOST_GROUPS`.
    """
    if len(card) != 4 or not codes.is_damm_valid(card):
        raise ValueError("a card number has four digits, the last one checks them")
    if not 0 <= revision <= HIGHEST_REVISION:
        raise ValueError(f"a revision is 0..{HIGHEST_REVISION}, not {revision}")
    if len(shape) != len(answers):
        raise ValueError(f"{len(answers)} answers to {len(shape)} items")
    fields = [(VERSION, _BASE), (int(card) // 10, _CARDS), (form_check(form), _FORM_CHECKS)]
    fields += _revision_fields(revision)
    left_out = []
    room = MOST_TEXT_BYTES
    for place, (item, answer) in enumerate(zip(shape, answers, strict=True), start=1):
        found = item_fields(item, answer, room)
        if found is None:
            left_out.append(place)
        fields += found or nothing_fields(item)
        if item.kind is ItemKind.SHORT_TEXT:
            room -= len(found or [0]) - 1
    groups = _groups_of(_digits_of(fields))
    if len(groups) > MOST_GROUPS:
        raise ValueError(f"{len(groups)} groups are more than one picture holds")
    return RescueCode(" ".join([PREFIX, *groups]), groups, tuple(left_out))


def read_heading(typed: str) -> Heading:
    """Return whose answers these are, before the shape of the form is known.

    Accepts what the camera read or what a person typed: the prefix or not, small letters, i and l
    for 1, o for 0, any script's digits; whatever is neither letter nor digit only separates.
    RescueUnreadable for everything but OTHER_FORM.
    """
    return _read_heading(Fields(_read_number(typed)))


def decode(typed: str, shape: Sequence[ItemShape], *, form: str) -> Rescue:
    """Return the answers; accepts what `read_heading` accepts, raises RescueUnreadable.

    `form` is what the phone was given as `form`. None as an answer says nothing about the item:
    what the service holds of it stays.
    """
    fields = Fields(_read_number(typed))
    heading = _read_heading(fields)
    if heading.form_check != form_check(form):
        raise RescueUnreadable(RescueFault.OTHER_FORM)
    try:
        answers = tuple(read_answer(item, fields) for item in shape)
    except AnswerImpossible:
        raise RescueUnreadable(RescueFault.IMPOSSIBLE) from None
    if fields.rest:
        raise RescueUnreadable(RescueFault.IMPOSSIBLE)
    return Rescue(heading, answers)


def _revision_fields(revision: int) -> list[tuple[int, int]]:
    fields = []
    while revision > 127:
        fields.append((revision % 128 + 128, 256))
        revision //= 128
    return [*fields, (revision, 256)]


def _read_heading(fields: Fields) -> Heading:
    if fields.take(_BASE) != VERSION:
        raise RescueUnreadable(RescueFault.OTHER_VERSION)
    card = codes.card_number(fields.take(_CARDS))
    check = fields.take(_FORM_CHECKS)
    revision = 0
    for place in count():
        value = fields.take(256)
        revision += value % 128 << 7 * place
        if revision > HIGHEST_REVISION:
            raise RescueUnreadable(RescueFault.IMPOSSIBLE)
        if value < 128:
            break
    return Heading(card, check, revision)


def _digits_of(fields: Sequence[tuple[int, int]]) -> list[int]:
    """Return the whole: the body, zeros that fill the last group, and the CRC of both."""
    number = 0
    for value, radix in reversed(fields):
        number = number * radix + value
    body = []
    while number:
        number, digit = divmod(number, _BASE)
        body.append(digit)
    body += [0] * (-(len(body) + _CRC_DIGITS) % _PER_GROUP)
    return body + _crc_digits(body)


def _groups_of(digits: Sequence[int]) -> tuple[str, ...]:
    groups = []
    for start in range(0, len(digits), _PER_GROUP):
        four = digits[start : start + _PER_GROUP]
        is_last = start + _PER_GROUP == len(digits)
        check = _group_check(four, 1 + start // _PER_GROUP, is_last=is_last)
        groups.append("".join(codes.CROCKFORD[digit] for digit in [*four, check]))
    return tuple(groups)


def _group_check(four: Sequence[int], number: int, *, is_last: bool) -> int:
    """Weigh the digits in GF(32), the group's number with them.

    Every wrong sign and every swap inside a group is seen, and a group in another's place. The last
    group weighs otherwise than the same four digits with more behind them: a missing end is seen.
    """
    place = number % 16 + (16 if is_last else 0)
    return codes.weighted_sum([place, *four])


def _read_number(typed: str) -> int:
    digits: list[int] = []
    groups = _split(typed)
    for number, group in enumerate(groups, start=1):
        *four, check = _values_of(group, number)
        is_last = number == len(groups)
        if check != _group_check(four, number, is_last=is_last):
            if is_last and check == _group_check(four, number, is_last=False):
                raise RescueUnreadable(RescueFault.GROUPS_MISSING, number)
            raise RescueUnreadable(RescueFault.WRONG_GROUP, number)
        digits += four
    body = digits[:-_CRC_DIGITS]
    if digits[-_CRC_DIGITS:] != _crc_digits(body):
        raise RescueUnreadable(RescueFault.WRONG_WHOLE)
    return sum(digit << 5 * place for place, digit in enumerate(body))


def _split(typed: str) -> list[str]:
    """Return the groups as typed, without the prefix.

    Gaps may stand anywhere while the length is right; when it is not, the gaps that people left
    between groups tell which one is too short or too long.
    """
    signs = "".join(sign if sign.isalnum() else " " for sign in typed).strip()
    if signs[: len(PREFIX)].upper() == PREFIX:
        signs = signs[len(PREFIX) :]
    pieces = signs.split()
    joined = "".join(pieces)
    if not joined:
        raise RescueUnreadable(RescueFault.NOTHING_TYPED)
    if len(joined) > MOST_GROUPS * GROUP_LENGTH:
        raise RescueUnreadable(RescueFault.WRONG_LENGTH)
    full = sum(len(piece) == GROUP_LENGTH for piece in pieces)
    if len(joined) % GROUP_LENGTH and 2 * full > len(pieces):
        return pieces
    return [joined[at : at + GROUP_LENGTH] for at in range(0, len(joined), GROUP_LENGTH)]


def _values_of(group: str, number: int) -> list[int]:
    values = []
    for sign in group:
        value = codes.CROCKFORD_VALUES.get(sign, unicodedata.decimal(sign, None))
        if value is None:
            raise RescueUnreadable(RescueFault.WRONG_SIGN, number)
        values.append(value)
    if len(values) != GROUP_LENGTH:
        raise RescueUnreadable(RescueFault.WRONG_LENGTH, number)
    return values


def _crc_digits(body: Iterable[int]) -> list[int]:
    rest = _crc(body)
    return [rest >> 5 * place & 31 for place in range(_CRC_DIGITS)]


def _crc(octets: Iterable[int]) -> int:
    rest = _CRC_START
    for octet in octets:
        rest ^= octet << 16
        for _ in range(8):
            rest <<= 1
            if rest & 1 << 24:
                rest ^= _CRC_POLYNOMIAL
    return rest
