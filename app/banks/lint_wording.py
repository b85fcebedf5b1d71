"""Rules about words, in every language: lengths, reading ease, banned terms, pictures, doubles."""

import re
from collections import Counter

from app.banks.lint_views import Said, Wording
from app.core.readability import count_words, reading_ease

MOST_WORDS = {"the question": 45, "an option": 16, "a row": 20, "the shared text": 60}
LEAST_EASE = 20
"""Flesch: below 30 is "very difficult". The two terms of the field alone cost a short question
20 points, and they must stand in it; so the bar is what is hard beside them."""
LEAST_WORDS_FOR_EASE = 8

_ALL_OF_THEM = {
    "en": (
        r"\b(?:all|none|any|some|both|neither) of (?:the )?(?:above|these|options|answers)\b",
        r"\ball (?:are|three are|four are) (?:right|correct|true)\b",
        r"\b(?:both )?[a-e] and [a-e]\b",
        r"\bthe (?:first|last) (?:two|three)\b",
    ),
    "ur": (
        r"(?:مندرجہ|مذکورہ|درج) ?(?:بالا|ذیل)",
        r"اوپر (?:دیے|دی|لکھے|لکھی)",
        r"^(?:یہ سب|سب درست|تمام درست|سب کے سب)",
    ),
}
_NOT_KNOWN = {
    "en": (r"^(?:i )?(?:do not|don['’]t) know\b", r"^(?:not sure|no idea|cannot say)\b"),
    "ur": (r"معلوم نہیں", r"^پتا نہیں", r"مجھے نہیں معلوم"),
}
_BANNED = {
    "en": {
        r"\bhuman smugg\w+": "it names neither crime: write trafficking (TIP) or smuggling (SOM)",
        r"\billegal (?:migrants?|immigrants?|aliens?)\b": "an act is illegal, a person is not",
        r"\b(?:modern|white) slave\w*": "it is no term of the Protocols",
        r"\bprostitutes?\b": "say what is done to the person",
    },
    "ur": {
        "انسانی " + "ا?سمگلنگ": "people use it for both crimes; the difference is what is measured",
        "ہیومن " + "(?:ا?سمگلنگ|ٹریفکنگ)": "write the settled term and TIP or SOM",
        "غیر قانونی تارکین": "an act is illegal, a person is not",
    },
}
_ABBREVIATED = {
    "en": (("trafficking in persons", "TIP"), ("smuggling of migrants", "SOM")),
    "ur": (("ناجائز تجارت", "TIP"), ("تارکینِ وطن کی اسمگلنگ", "SOM")),
}
_NEGATION = re.compile(r"\b(?:not|except|never|least)\b", re.IGNORECASE)
_PICTURE = re.compile(r"!\[|<\s*img\b|\b[\w-]+\.(?:png|jpe?g|gif|svg|webp|mp[34])\b", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*/?\s*[a-z!]|\]\(|&#?\w+;|\*\*|__", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|\bdata:|javascript:|\b[\w.-]+@[\w-]+\.\w", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")


def lengths(words: Wording) -> Said:
    """A phone of 320 px shows so much of a question above its options."""
    parts = [("the question", words.stem_place, words.stem)]
    parts += [("an option", option.place, option.text) for option in words.options]
    parts += [("a row", row.place, row.text) for row in words.rows]
    parts += [("the shared text", words.stem_place, words.told)]
    for part, place, text in parts:
        if count_words(text) > MOST_WORDS[part]:
            most = MOST_WORDS[part]
            yield place, f"{part} has {count_words(text)} words; at most {most} are read well"


def ease(words: Wording) -> Said:
    """Flesch's reading ease, of English alone: the formula knows no other language."""
    if words.language != "en" or count_words(words.asked) < LEAST_WORDS_FOR_EASE:
        return
    found = reading_ease(words.asked)
    if found is not None and found < LEAST_EASE:
        yield (
            words.stem_place,
            f"reading ease {found:.0f} (Flesch), below {LEAST_EASE}: shorter sentences and words",
        )


def all_of_the_above(words: Wording) -> Said:
    """Such an option refers to an order that is drawn, and one known part gives it away."""
    for option in words.options:
        if words.is_choice and _matches(_ALL_OF_THEM, words.language, option.text):
            yield option.place, f"“{option.text}” stands for other options: name what is meant"


def do_not_know(words: Wording) -> Said:
    """The page adds it to every scored item; written, it would stand there twice."""
    for option in words.options:
        if words.is_scored and _matches(_NOT_KNOWN, words.language, option.text):
            yield option.place, "“I do not know” is added to every question: take this option out"


def banned_terms(words: Wording) -> Said:
    """Words that blur the difference measured, or that judge a person."""
    for place, text in (*words.all_texts(), (words.stem_place, words.told)):
        for pattern, why in _BANNED.get(words.language, {}).items():
            for found in re.finditer(pattern, text, re.IGNORECASE):
                if not _is_quoted(text, found.start()):
                    yield place, f"“{found.group()}” is a banned term: {why}"


def abbreviations(words: Wording) -> Said:
    """The abbreviation stands beside the term: in Urdu it is what tells the crimes apart."""
    for place, text in words.all_texts():
        for term, short in _ABBREVIATED.get(words.language, ()):
            if term in text and short not in text:
                yield place, f"“{term}” stands here without {short}"


def negations(words: Wording) -> Said:
    """A small "not" is overlooked on a phone; true and false with it asks twice."""
    if words.language == "en" and words.is_choice and _NEGATION.search(words.stem):
        yield words.stem_place, "the question is put in the negative: ask for what is so"


def same_option(words: Wording) -> Said:
    """Two options, or two rows, with the same words."""
    for part, some in (("an option", words.options), ("a row", words.rows)):
        told = Counter(_plain(each.text) for each in some)
        for each in some:
            if told[_plain(each.text)] > 1:
                yield each.place, f"“{each.text}” stands here as {part} more than once"
                return


def pictures(words: Wording) -> Said:
    """A file name or an alternative text tells things; there is no place for media yet."""
    for place, text in (*words.all_texts(), (words.stem_place, words.told)):
        if _PICTURE.search(text):
            yield place, "a picture or its file name stands in the text; media have no place here"
        elif _MARKUP.search(text):
            yield place, "markup stands in the text: texts are plain words"
        elif _ADDRESS.search(text):
            yield place, "an address stands in the text: a phone may have no network"


def invisible_signs(words: Wording) -> Said:
    """Signs nobody sees: they break a search, or tell options apart."""
    for place, text in words.all_texts():
        if found := _INVISIBLE.search(text):
            yield place, f"an invisible sign (U+{ord(found.group()):04X}) stands in the text"
        elif text != text.strip() or "  " in text:
            yield place, "a space too many stands in the text"


def _matches(patterns: dict[str, tuple[str, ...]], language: str, text: str) -> bool:
    return any(re.search(each, text.strip(), re.IGNORECASE) for each in patterns.get(language, ()))


def _is_quoted(text: str, at: int) -> bool:
    """Whether the place stands inside “…”: an official paper's own words may be shown."""
    return text.rfind("“", 0, at) > text.rfind("”", 0, at)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())
