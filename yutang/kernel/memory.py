"""What a process loads at its start stays for good, so the garbage collector need not look through it again and again.

Looking through all that Django, the API's shapes and the models are takes 150–250 ms, in which no thread does anything.
"""

import gc

# Objects before a young collection, young collections before a middle one, middle ones before a full one.
YOUNG, MIDDLE, OLD = 5_000, 20, 100


def settle() -> None:
    """Call once, when everything is loaded and nothing is served yet."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
