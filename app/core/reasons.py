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
    "formula": N_("It begins like a formula of a spreadsheet."),
    "language_not_offered": N_("Choose from these languages: {languages}"),
    "language_not_published": N_("The test is published in these languages: {language_names}"),
    "list_archive": N_("It is an archive. Take the file out and choose that."),
    "list_broken": N_("It is damaged. Open it and save it again as XLSX."),
    "list_busy": N_("Other lists are being read. Try again in a minute."),
    "list_changed": N_("The page no longer fits the list. Choose the file again."),
    "list_document": N_("It is a text document. Copy its table and paste it."),
    "list_empty": N_("There is nothing in it."),
    "list_locked": N_("A password protects it. Save a copy without a password."),
    "list_numbers": N_("It was made with Numbers. Export it as XLSX."),
    "list_ods": N_("It is an OpenDocument spreadsheet. Save it as XLSX."),
    "list_pdf": N_("It is a PDF. Copy the names and paste them."),
    "list_picture": N_("It is a picture. Type the names, or ask for the table."),
    "list_too_heavy": N_("It is too heavy to read. Copy its table and paste it."),
    "list_too_large": N_("It is too large. Keep the columns about people only."),
    "list_too_long": N_("It has more than 500 people. Make two lists of it."),
    "list_too_wide": N_("It has more than 60 columns. Keep those about people only."),
    "list_unknown": N_("It is neither a spreadsheet (XLSX) nor text (CSV)."),
    "list_web_page": N_("It is really a web page. Save it again as XLSX."),
    "list_xls": N_("It is an old Excel file (XLS). Save it again as XLSX."),
    "list_xlsb": N_("It is a binary Excel file (XLSB). Save it again as XLSX."),
    "no_cards_left": N_("A workshop has 900 cards at most, and they are used."),
    "no_letters": N_("There is no letter in it."),
    "no_name": N_("The name is missing."),
    "not_a_day": N_("Type a day as year-month-day, such as {example}."),
    "not_a_trainer": N_("No trainer signs in as {login}. Choose from the list."),
    "not_a_workshop_day": N_("The workshop is not held on this day. Choose another one."),
    "not_a_zone": N_("This is not a time zone. Choose one such as {example}."),
    "not_in_country": N_("The province {province} is not in {country}. Check both codes."),
    "not_in_list": N_("Choose one from the list."),
    "not_in_range": N_("Type a whole number from {lowest} to {highest}."),
    "one_province": N_("For one province this is not told. Choose all provinces."),
    "sheet_declined": N_("The holder of card {card} said no to the test."),
    "sheet_first_unclear": N_("After the card, type a hyphen or no space."),
    "sheet_not_a_choice": N_("It has no {sign}. Its letters are A to {last}."),
    "sheet_not_closed": N_("It may have several letters. Close them with Enter or a slash."),
    "sheet_on_phone": N_("Card {card} has answered on a phone."),
    "sheet_too_long": N_("It is the last one, and more is typed after it."),
    "sheet_too_short": N_("Nothing is typed for it. A hyphen means no answer."),
    "sheet_twice": N_("It has {sign} twice."),
    "taken": N_("Somebody else signs in with this name. Choose another one."),
}
"""Sentences for the fact `reason`, filled in like any other; the API shows the key as well."""
