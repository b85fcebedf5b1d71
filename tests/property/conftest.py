"""How hypothesis runs here: no deadline, since the first use of scipy costs a second."""

from hypothesis import settings

settings.register_profile("tafawut", deadline=None)
settings.load_profile("tafawut")
