"""What the audit log's lines mean, in words; the log itself keeps the code's short names."""

from app.core.reasons import N_

DEEDS: dict[str, str] = {
    "accept_unreviewed_form": N_("used questions that nobody has reviewed"),
    "admit_phone": N_("let a phone in"),
    "archived": N_("put the workshop away"),
    "borrow_device": N_("used a borrowed device"),
    "cancelled": N_("called the workshop off"),
    "close": N_("closed the test"),
    "close_questionnaire": N_("closed the questionnaire"),
    "correct": N_("corrected the workshop"),
    "create": N_("made the workshop"),
    "create_token": N_("made a token for a program"),
    "end_lent_device": N_("ended a borrowed device"),
    "export_csv": N_("downloaded the report"),
    "export_pooled": N_("downloaded tables over several workshops"),
    "export_results": N_("downloaded results"),
    "forget_names": N_("ended the names"),
    "invite": N_("invited somebody"),
    "issue_certificate": N_("issued a certificate"),
    "lend_device": N_("lent the sign-in to a device"),
    "open": N_("opened the test"),
    "print_cards": N_("printed cards"),
    "reinstate_certificate": N_("made a certificate valid again"),
    "reissue_card": N_("gave a new card"),
    "reopen": N_("opened the test again"),
    "revoke_certificate": N_("revoked a certificate"),
    "set_password": N_("chose a password"),
    "sign_in": N_("signed in"),
    "supersede_certificate": N_("replaced a certificate"),
    "take_in_rescue": N_("took answers in by hand"),
    "tick_attendance": N_("ticked attendance"),
    "untick_attendance": N_("took back an attendance tick"),
}
KINDS: dict[str, str] = {
    "administration": N_("test"),
    "card": N_("card"),
    "certificate": N_("certificate"),
    "organisation": N_("organisation"),
    "staff": N_("person"),
    "workshop": N_("workshop"),
}
