"""A large set of people in a row: a base, and what came and went since, so that a small change writes little."""

from django.db import models
from pyroaring import BitMap

REWRITE_FROM = 4_096  # people in the overlay before the base is written anew


def load(blob: bytes | memoryview | None) -> BitMap:
    return BitMap.deserialize(bytes(blob)) if blob else BitMap()


def dump(people: BitMap) -> bytes:
    people.run_optimize()
    return bytes(people.serialize())


class KeptPeople(models.Model):
    """`people` is base − gone + come. `count` is how many."""

    base = models.BinaryField(default=bytes)
    come = models.BinaryField(default=bytes)
    gone = models.BinaryField(default=bytes)
    count = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def people(self) -> BitMap:
        return (load(self.base) - load(self.gone)) | load(self.come)

    def set_people(self, people: BitMap) -> list[str]:
        """Write the whole set; gives back the columns to save."""
        self.base, self.come, self.gone, self.count = dump(people), b"", b"", len(people)
        return ["base", "come", "gone", "count"]

    def change_people(self, entered: BitMap, left: BitMap) -> list[str]:
        """Write what changed; gives back the columns to save."""
        come = (load(self.come) | entered) - left
        gone = (load(self.gone) | left) - entered
        if len(come) + len(gone) > max(REWRITE_FROM, self.count // 16):
            return self.set_people((self.people | entered) - left)
        base = load(self.base)
        self.come, self.gone = dump(come - base), dump(gone & base)
        self.count += len(entered) - len(left)
        return ["come", "gone", "count"]


def apart(before: BitMap, after: BitMap) -> tuple[BitMap, BitMap]:
    """Who entered and who left."""
    return after - before, before - after
