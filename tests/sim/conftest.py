"""Property tests here draw from random generators, whose first use is slow: no example has a deadline of its own."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
