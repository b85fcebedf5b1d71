"""Which passwords are refused: short ones, and those that are made of what everybody would try.

No rule about capitals, digits or signs (NIST SP 800-63B, ASVS 6.2.5). No list of breached
passwords: of those that have fifteen characters most repeat themselves, run along the keyboard or
say what they are for, and that is seen without a list.
"""

from __future__ import annotations

from collections.abc import Iterable

LEAST_LENGTH = 15
_LEAST_KINDS = 5
_LEAST_OWN = 7  # signs that are neither a run, nor a common word, nor the person's own name

_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890",
    "1qaz2wsx3edc4rfv",
)  # fmt: skip
_SHORTEST_RUN = 4
_WORDS = (
    "tafawut", "password", "passwort", "passw0rd", "welcome", "letmein", "iloveyou", "admin",
    "administrator", "trainer", "evaluator", "workshop", "trafficking", "smuggling", "pakistan",
    "secret", "changeme", "default", "football", "cricket", "monkey", "dragon", "master", "login",
)  # fmt: skip


def is_guessable(password: str, *, own_words: Iterable[str] = ()) -> bool:
    """Whether a password is too short or made of runs, repeats, common words and own names."""
    if len(password) < LEAST_LENGTH or len(set(password)) < _LEAST_KINDS:
        return True
    plain = "".join(sign for sign in password.casefold() if sign.isalnum())
    if _repeats(plain):
        return True
    known = [*_WORDS, *(part for word in own_words for part in word.casefold().split())]
    return len(_without_runs(_without(plain, known))) < _LEAST_OWN and plain.isascii()


def _repeats(text: str) -> bool:
    """Whether it is one piece again and again, the last time perhaps cut."""
    return any((text[:size] * len(text)).startswith(text) for size in range(1, len(text) // 2 + 1))


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2:
            text = text.replace(word, " ")
    return text


def _without_runs(text: str) -> str:
    """What is left when each run of four or more, in either direction, is taken out."""
    left, place = "", 0
    while place < len(text):
        length = _run_length(text, place)
        if length >= _SHORTEST_RUN:
            place += length
        else:
            left += text[place].strip()
            place += 1
    return left


def _run_length(text: str, start: int) -> int:
    longest = 0
    for run in (*_RUNS, *(each[::-1] for each in _RUNS)):
        length = 1
        while start + length <= len(text) and text[start : start + length] in run:
            length += 1
        longest = max(longest, length - 1)
    return longest
