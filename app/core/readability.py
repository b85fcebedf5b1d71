"""How hard English text is to read, and its words, as rules about wording need them.

Reading ease is Flesch's formula (Flesch 1948, J. Appl. Psychol. 32:221): 206.835 - 1.015 · words
per sentence - 84.6 · syllables per word. 60 and more is plain English, below 30 is "very
difficult". Syllables are counted by groups of vowels, as is usual without a dictionary; the formula
says nothing about any other language.
"""

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouyl]e|[^aeiouydt]ed|[^aeiouyszcgxh]es)$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def words_in(text: str) -> list[str]:
    """The words in small letters, in their order; numbers and signs are none."""
    return [word.lower() for word in _WORD.findall(text)]


def count_words(text: str) -> int:
    """Words and numbers, as a reader counts them: what spaces part."""
    return len([part for part in text.split() if any(sign.isalnum() for sign in part)])


def numbers_in(text: str) -> frozenset[str]:
    """The numbers in Latin digits, whatever script they are written in: "16.2.2", "21,253"."""
    return frozenset(_NUMBER.findall(text.translate(_DIGITS)))


def count_syllables(word: str) -> int:
    """Groups of vowels, at least 1; a silent end is not counted."""
    small = word.lower()
    groups = len(_VOWELS.findall(small))
    if groups > 1 and _SILENT_END.search(small):
        groups -= 1
    return max(1, groups)


def reading_ease(text: str) -> float | None:
    """Flesch's reading ease of English text; None without a word."""
    words = words_in(text)
    if not words:
        return None
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    syllables = sum(count_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)
