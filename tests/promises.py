"""Every sentence that tells participants what happens with what is theirs, and what proves it.

The sentences of the privacy page, of the consent page and of erasing, each with the tests that fail
when it becomes untrue. `tests/architecture/test_promises.py` holds pages and this file together: a
sentence cannot be added, changed or left out on one side alone.
"""

_PRIVACY = "tests/integration/test_privacy.py::test_"
_PERSONS = "tests/integration/test_persons.py::test_"
_CERTIFICATES = "tests/integration/test_certificates.py::test_"
_FEEDBACK = "tests/integration/test_feedback.py::test_"
_BALLOTS = "tests/integration/test_ballots.py::test_"
_PASSES = "tests/integration/test_passes.py::test_"
_CLOSING = "tests/integration/test_closing.py::test_"
_TIDY = "tests/integration/test_tidy.py::test_"
_HERE = "tests/architecture/test_promises.py::test_"
_OWN_RESULT = (
    "tests/integration/test_sittings.py::"
    "test_own_points_are_told_after_the_own_post_test_and_never_before"
)
_NO_MARK_BESIDE_A_NAME = (
    _PRIVACY + "names_and_answers_share_no_table_and_no_key",
    _CERTIFICATES + "the_register_has_no_column_that_leads_to_a_person_a_mark_or_a_sex",
    "tests/integration/test_results_pages.py::test_arrows_of_pairs_say_nothing_but_the_two_scores",
)
_LATE = (
    _CLOSING + "what_was_tapped_before_the_close_counts_for_24_hours_and_is_flagged",
    _CLOSING + "what_was_tapped_after_the_close_or_comes_after_24_hours_is_refused",
)
_NAMES_END = (_TIDY + "names_end_by_themselves_when_their_days_are_over_and_stay_ended",)
_KEY_GONE = (_PRIVACY + "destroying_the_workshops_key_ends_the_names_and_not_the_verification",)
_UNLINKED = (_FEEDBACK + "no_column_of_the_questionnaire_leads_to_a_person_or_a_time",)
_FINISHED = (
    "tests/integration/test_pages.py::"
    "test_the_live_part_of_the_room_is_the_same_alone_and_on_the_page",
)
_ERASED = (_PERSONS + "nothing_of_an_erased_person_stands_anywhere",)
_STANDS = (_PERSONS + "the_rooms_figures_move_once_five_people_are_erased_and_never_by_one",)

PROMISES: dict[str, tuple[str, ...]] = {
    # who sees what
    "No page of this service shows your marks to a supervisor, or beside your name.": (
        *_NO_MARK_BESIDE_A_NAME,
    ),
    "The trainer sees that you finished.": _FINISHED,
    "If someone enters answers for you, that person sees them.": (
        "tests/integration/test_entering.py::test_the_page_shows_a_saved_sheet_once_and_forgets_it",
    ),
    "You see your own points after the post-test.": (_OWN_RESULT,),
    "The trainer sees averages of the room from 5 people on.": (
        "tests/unit/test_disclosure.py::test_the_table_of_pairs_is_kept",
    ),
    "Others see no group below %(threshold)s people with both tests.": (
        "tests/unit/test_disclosure.py::test_another_threshold_moves_the_outside",
        "tests/integration/test_outside_tables.py::"
        "test_who_solves_all_tables_of_random_workshops_recovers_no_small_group",
    ),
    # your choice
    "Refusing costs nothing, not even the certificate.": (
        _PASSES + "refusing_costs_nothing_and_can_be_said_again_the_other_way",
        _CERTIFICATES + "attendance_is_the_only_rule_also_for_somebody_who_took_no_test",
    ),
    "You can skip a question, or stop.": (
        _CLOSING + "after_the_banner_the_closing_sends_what_is_answered_and_nothing_empty",
    ),
    "Sex, agency, province and years may all be skipped.": (
        _HERE + "every_part_of_the_profile_may_be_left_out",
    ),
    "The tests ask for no name.": (_HERE + "no_table_of_tests_has_a_column_for_a_name",),
    # answers and names
    "Answers are kept under the number of your card.": (
        _PRIVACY + "names_and_answers_share_no_table_and_no_key",
    ),
    "%(organisation)s keeps the answers, under your card's number.": (
        _PRIVACY + "names_and_answers_share_no_table_and_no_key",
    ),
    "Names are kept apart from the answers, encrypted with the workshop's own key.": (
        _PRIVACY + "names_and_tokens_stand_nowhere_in_the_clear",
        _PRIVACY + "names_and_answers_share_no_table_and_no_key",
    ),
    "Your name is asked only for the certificate.": (
        _CERTIFICATES + "only_the_holder_confirms_the_name",
    ),
    "Your name is asked only for the certificate. It is kept apart, encrypted.": (
        _CERTIFICATES + "only_the_holder_confirms_the_name",
        _PRIVACY + "names_and_tokens_stand_nowhere_in_the_clear",
    ),
    "The organisers may bring a list with your name and your father's name.": (
        "tests/integration/test_rosters.py::test_the_database_holds_no_name_in_the_clear",
        "tests/integration/test_rosters.py::test_four_digits_never_show_a_name_from_the_list",
    ),
    "Promised: names end %(days)s days after the workshop.": _NAMES_END,
    "Names end %(days)s days after the workshop: their key is destroyed.": _NAMES_END,
    "Then the service destroys the workshop's key by itself.": (
        *_NAMES_END,
        _TIDY + "serving_tidies_by_itself",
    ),
    "After that nobody can read the names, not in backups either, when the key's backup is "
    "destroyed too.": _KEY_GONE,
    "Answers given before a test closes may arrive up to %(hours)s hours later.": _LATE,
    "Answers given before the end may arrive %(hours)s hours later.": _LATE,
    "Single answers are removed %(months)s months after the workshop; sums stay.": (
        _TIDY + "single_answers_end_after_their_months_and_what_was_counted_stays",
    ),
    "Your card lets you see, download and erase what is kept.": (
        _PERSONS + "the_card_alone_opens_everything_sixty_days_later_in_a_workshop_put_away",
    ),
    # opinions
    "These answers carry no name or number.": _UNLINKED,
    "They stay sealed until the questionnaire closes; then they are shuffled.": (
        _FEEDBACK + "while_the_round_is_open_no_sheet_can_be_read_or_told_by_its_size",
        _FEEDBACK + "opened_sheets_stand_in_no_order_of_arrival",
    ),
    "Counts are shown from 5 sheets on.": (
        _FEEDBACK + "counts_and_words_are_shown_after_the_closing_from_five_sheets",
        _FEEDBACK + "four_sheets_are_too_few_to_show",
    ),
    # the question about minorities
    "It is asked only where the organisers have chosen to ask.": (
        _BALLOTS + "nobody_is_asked_until_an_admin_says_so_and_nobody_in_another_country",
    ),
    "Your answer only adds one to a count of the country and year.": (
        _BALLOTS + "no_column_of_the_ballot_holds_an_answer_a_person_or_a_time",
        _BALLOTS + "an_answer_changes_nothing_that_can_be_read_and_nothing_by_its_kind",
    ),
    "It is kept with no card, no workshop and no time.": (
        _BALLOTS + "no_column_of_the_ballot_holds_an_answer_a_person_or_a_time",
        _BALLOTS + "a_slip_is_made_by_chance_and_leads_to_no_card_even_with_every_key",
    ),
    "The count is told from 3 workshops on, with 10 yes and 10 no.": (
        _BALLOTS + "what_is_told_is_always_three_workshops_with_ten_of_each_answer",
    ),
    # certificates
    "A certificate says who was there. It never states a mark.": (
        _CERTIFICATES + "marks_do_not_matter",
        _CERTIFICATES + "the_register_has_no_column_that_leads_to_a_person_a_mark_or_a_sex",
    ),
    "The check page shows no name. It answers a typed name with yes or no.": (
        _CERTIFICATES + "the_verification_page_and_the_api_never_tell_the_name",
    ),
    "Why a certificate was revoked is not shown.": (
        _CERTIFICATES + "a_revoked_certificate_says_so_until_it_is_reinstated",
    ),
    # the phone and the service
    "This phone keeps cookies for your card, your language and your letters.": (
        _HERE + "a_phone_is_given_no_other_cookie_than_the_page_says",
    ),
    "Give the phone to the next person: then it forgets the card.": (
        _PASSES + "leaving_on_the_page_clears_the_phone",
    ),
    "Nothing is loaded from other services. Nobody measures your visits.": (
        "tests/integration/test_pages.py::test_all_pages_hold_before_and_during_the_pre_test",
        _PRIVACY + "the_framework_reports_to_nobody_whatever_the_environment_asks_for",
    ),
    "This service sends no e-mail.": (_HERE + "no_module_can_send_mail_or_ask_another_server",),
    # seeing and erasing
    "This is all that is kept under your card.": (
        _PERSONS + "the_card_alone_opens_everything_sixty_days_later_in_a_workshop_put_away",
    ),
    "The file also has each change and each phone.": (
        _PERSONS + "the_card_alone_opens_everything_sixty_days_later_in_a_workshop_put_away",
    ),
    "Points and answers are shown after the post-test.": (
        _PERSONS + "marks_and_answers_wait_for_the_end_of_the_post_test",
    ),
    "It is kept apart from your answers, encrypted.": (
        _PRIVACY + "names_and_answers_share_no_table_and_no_key",
    ),
    "The names have ended: nobody can read yours any more.": _KEY_GONE,
    "So nobody can find yours, or erase them.": _UNLINKED,
    "Your answers, points, profile, name and days are erased at once.": _ERASED,
    "Your card opens nothing any more.": (
        _PERSONS + "an_erased_phone_that_still_sends_gets_a_sentence_and_brings_nothing_back",
    ),
    "Without them no certificate can be made.": (
        _CERTIFICATES + "attendance_is_the_only_rule_also_for_somebody_who_took_no_test",
    ),
    "Sums of the room and reports that were made. They name nobody.": _STANDS,
    "What you said about the workshop. Nobody can find it.": _UNLINKED,
    "Older copies kept for emergencies, until they are overwritten.": (
        _TIDY + "old_copies_that_were_not_enclosed_go_and_newer_ones_stay",
    ),
    "Kept: its number, the days, and a code made from your name.": _ERASED,
    "Erase it too: nobody can check it any more": (
        _PERSONS + "a_certificate_goes_too_when_its_holder_says_so",
    ),
}

# Reviewed: headings, buttons, requests and labels of these pages; they promise nothing.
NO_PROMISES = frozenset(
    {
        "%(count)s questions, about %(minutes)s minutes. No time limit.",
        "A man", "A woman", "About your work", "And your certificate?", "Another",
        "Answers and names", "Answers: %(count)s",
        "Ask the organisation that runs the workshop. Its name is on the first page.",
        "Before you start", "Certificates", "Days attended: %(days)s of %(held)s",
        "Download all of it (JSON)", "Erase all of it", "Go back", "I agree – start",
        "I prefer not to say", "I want this. It cannot be undone.", "Immigration",
        "It can still be checked", "It measures the workshop, not you.", "Later test", "NGO",
        "No answer", "No, thanks", "Number on your card", "Opinions of the workshop",
        "Please write no names and no real cases.", "Points: %(points)s of %(most)s", "Police",
        "Post-test", "Pre-test", "Privacy", "Prosecution", "Province where you work",
        "Questions or complaints", "Read more about privacy", "Social services",
        "The question about minorities", "The tests measure the workshop, not you.",
        "What is kept about me", "What stays",
        "What the trainer's list says of your work", "Who keeps my data, how long?",
        "Who sees what", "Write it down. The second test asks for it.", "Years in this work",
        "You are", "Your answers", "Your choice", "Your kind of agency",
        "Your name on the certificate", "Your number for both tests",
        "Your phone and this service", "0 to 2", "3 to 5", "6 to 10", "11 or more",
    }
)  # fmt: skip
