"""Words for what a workshop's results say: reasons, flags, groups. The numbers come printed."""

from collections.abc import Mapping

from app.core.reasons import N_
from app.web.places import PROVINCES
from app.web.recipes import REASON_WORDS

UNSAID_WORDS: dict[str, str] = REASON_WORDS | {
    "suppressed": N_("withheld"),
    "no_pass_mark": N_("the workshop has no pass mark"),
    "no_answer": N_("nobody answered it"),
    "no_flagged": N_("there is no such test"),
    "not_in_form": N_("the test does not ask this"),
    "one_language": N_("all answered in one language"),
    "rescored": N_("a corrected key would show on single arrows"),
    "not_frozen": N_("not counted when these figures were taken"),
}
"""Why there is a dash, by the figure's own code."""

FLAG_WORDS: dict[str, str] = {
    "check_key": N_("Strong participants chose another answer. Is the key right?"),
    "weak": N_("It hardly separates who knows from who does not."),
    "no_room": N_("Almost all knew it before."),
    "still_hard": N_("Most still miss it."),
    "lost": N_("More people lost it than learned it."),
    "dead_distractor": N_("A wrong answer that hardly anybody chooses: rewrite it."),
}
FOR_AUTHORS = ("weak", "dead_distractor")
"""What the author of a question does something about, not the trainer of a room."""

COMPLETION_WORDS: dict[str, str] = {
    "fine": N_("The figures describe those who came."),
    "with_care": N_("Read with care: many left before the post-test."),
    "not_everybody": N_("The figures do not describe all participants: too many left."),
}
FACET_WORDS: dict[str, str] = {
    "sex": N_("Women and men"),
    "agency_type": N_("Agencies"),
    "province": N_("Provinces where people work"),
}
VALUE_WORDS: dict[str, str] = {
    "woman": N_("Women"),
    "man": N_("Men"),
    "prefer_not_to_say": N_("Preferred not to say"),
    "police": N_("Police"),
    "prosecution": N_("Prosecution"),
    "immigration": N_("Immigration"),
    "social_services": N_("Social services"),
    "ngo": N_("NGO"),
    "other": N_("Another"),
    "not_said": N_("Not said"),
} | {code: name for provinces in PROVINCES.values() for code, name in provinces}
CRIME_WORDS: dict[str, str] = {
    "trafficking": N_("Trafficking"),
    "smuggling": N_("Smuggling"),
    "both": N_("Both"),
    "neither": N_("Neither"),
    "do_not_know": N_("I do not know"),
    "omitted": N_("No answer"),
}

WORDS: dict[str, Mapping[str, str]] = {
    "unsaid": UNSAID_WORDS,
    "flags": {key: words for key, words in FLAG_WORDS.items() if key not in FOR_AUTHORS},
    "completion": COMPLETION_WORDS,
    "facets": FACET_WORDS,
    "values": VALUE_WORDS,
    "crimes": CRIME_WORDS,
}
"""Everything a template of results needs besides the value itself."""

AUTHOR_WORDS: dict[str, Mapping[str, str]] = {**WORDS, "flags": FLAG_WORDS}
"""The same for who looks after the questions: every flag."""
