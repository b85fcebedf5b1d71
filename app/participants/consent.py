"""Which text stood on the consent page: each version word for word, and its hash.

A text is never edited: other words are a new version beside the old one
(`tests/architecture/test_promises.py`). What is kept with each answer names both.
"""

CONSENT_VERSION = "2026-11"
CONSENT_TEXTS = {
    "2026-11": "c085a6a71ea8344010c957221119efa82b06df1370b8848a754f66aa311c59ce",
}
"""Version -> SHA-256 of `consent_texts/<version>.txt`: the page in English and Urdu."""

CONSENT_SAID = f"{CONSENT_VERSION} {CONSENT_TEXTS[CONSENT_VERSION][:16]}"
"""What is kept with an answer."""
