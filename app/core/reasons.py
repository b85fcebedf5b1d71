"""Sentences that name a reason, and the sign by which sentences are found for translation."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802  (the name Babel looks for)
    """Return the message unchanged: the sign by which Babel finds a sentence to translate."""
    return message


REASONS: dict[str, str] = {
    "empty": N_("Nothing is typed here."),
    "too_long": N_("It is too long."),
    "direction_sign": N_("It holds an invisible sign that turns the text around."),
    "control_sign": N_("It holds a sign that cannot be printed."),
    "language_not_offered": N_("Choose from these languages: {languages}"),
    "language_not_published": N_("The test is published in these languages: {language_names}"),
    "not_a_day": N_("Type a day as year-month-day, such as {example}."),
    "not_a_trainer": N_("No trainer signs in as {login}. Choose from the list."),
    "not_a_workshop_day": N_("The workshop is not held on this day. Choose another one."),
    "not_a_zone": N_("This is not a time zone. Choose one such as {example}."),
    "not_in_country": N_("The province {province} is not in {country}. Check both codes."),
    "not_in_list": N_("Choose one from the list."),
    "not_in_range": N_("Type a whole number from {lowest} to {highest}."),
    "one_province": N_("For one province this is not told. Choose all provinces."),
    "taken": N_("Somebody else signs in with this name. Choose another one."),
}
"""Sentences for the fact `reason`, filled in like any other; the API shows the key as well."""
