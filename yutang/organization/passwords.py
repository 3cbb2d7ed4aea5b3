"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ThriftyArgon2(Argon2PasswordHasher):
    """Argon2id at OWASP's setting for small machines.

    Django's own default takes 100 MB for each attempt, so that a few strangers guessing at once would fill two cores'
    worth of memory.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
