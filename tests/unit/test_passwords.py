"""Which passwords are taken: by length and by what can be guessed, not by kinds of signs."""

import pytest

from app.core.passwords import is_guessable


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "fourteen signs", "aaaaaaaaaaaaaaaa", "abababababababab", "passwordpassword",
        "Password123456789", "qwertyuiop123456", "1234567890123456", "tafawut tafawut tafawut",
        "Amal Amal Amal Amal", "amal-password-2345", "abcdefghijklmnop", "1qaz2wsx3edc4rfv",
        "Welcome to Pakistan", "admin-admin-admin1", "zyxwvutsrqponmlk", "letmein letmein 1",
    ],
)  # fmt: skip
def test_what_can_be_guessed_is_refused(password: str) -> None:
    assert is_guessable(password, own_words=("amal", "Amal Khan"))


@pytest.mark.parametrize(
    "password",
    [
        "vier einfache Wörter هنا", "vier einfache Wörter", "correct horse battery",
        "چار سادہ الفاظ یہاں", "bread river seven lamp", "my admin likes green tea",
        "xK7!pq9wLm2#vB4z", "دریا پہاڑ روٹی چراغ",
    ],
)  # fmt: skip
def test_four_words_in_any_script_are_taken(password: str) -> None:
    assert not is_guessable(password, own_words=("amal", "Amal Khan"))


def test_a_long_password_of_any_letters_is_taken() -> None:
    words = "bread river seven lamp "
    assert not is_guessable((words + "آسمان Öl 水 ").ljust(64, "ß") + "end of it")
    assert not is_guessable("".join(chr(0x100 + place * 7 % 300) for place in range(200)))
