"""Who we know. Facts hang on the record they were learnt with; a person is derived by merging records.

A `Customer` row is a record. Where two records are found to be one person, a `Merge` row says so and the younger
record's `person` points to the elder. Facts keep their own `customer` for ever and carry `person` beside it, a derived
column that merging and un-merging rewrite, so both are exact and nothing is deleted.
"""

from django.db import models
from django.db.models import Q

from yutang.organization.models import Corp, Member


class Stage(models.TextChoices):
    """Where a customer stands in the relationship."""

    STRANGER = "stranger"  # known by a trace only (an order, a scan)
    CONTACT = "contact"  # added by a member, nothing bought yet
    BUYER = "buyer"  # bought once
    REPEAT = "repeat"  # bought again
    LOST = "lost"  # no member holds the contact any more


class Gender(models.TextChoices):
    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"


class Customer(models.Model):
    person = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="records")
    name = models.CharField(max_length=200, default="")
    avatar = models.CharField(max_length=500, default="")
    gender = models.CharField(max_length=8, choices=Gender, default=Gender.UNKNOWN)
    source = models.CharField(max_length=64, default="")  # how we first met: live_code:12, import:retail, …
    fields = models.JSONField(default=dict)  # custom fields by key
    stage_set = models.CharField(max_length=16, choices=Stage, default="")  # by hand; overrules what is derived
    stage_set_at = models.DateTimeField(null=True)
    # Derived by `services.derive` for a person from all its records; at rest (as the defaults) on merged records.
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.STRANGER)
    order_count = models.IntegerField(default=0)
    spent_fen = models.BigIntegerField(default=0)
    last_order_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Lists show people, newest first; stage and source are the filters operators use most.
            models.Index(fields=["-id"], condition=Q(person__isnull=True), name="customer_people"),
            models.Index(fields=["stage", "-id"], condition=Q(person__isnull=True), name="customer_stage"),
            models.Index(fields=["source", "-id"], condition=Q(person__isnull=True), name="customer_source"),
            models.Index(
                fields=["-id"], condition=Q(person__isnull=True, order_count__gt=0), name="customer_with_orders"
            ),
            models.Index(fields=["created_at"], condition=Q(person__isnull=True), name="customer_created"),
        ]

    @property
    def person_key(self) -> int:
        """The id of the person this record belongs to."""
        return self.person_id or self.pk


class IdentityKind(models.TextChoices):
    """Kinds of id, strongest first. `customers.identity` holds the rules of each."""

    EXTERNAL_USERID = "external_userid"
    UNIONID = "unionid"
    OPENID = "openid"
    MEMBER_NO = "member_no"
    PHONE = "phone"
    BUYER_ID = "buyer_id"
    EMAIL = "email"
    DEVICE = "device"


class Identity(models.Model):
    """One edge: at its issuer, this id belonged to this record from `since` on, as `source` told us.

    Edges are never changed but for their end. Records of one person may hold the same id, and so may two people between
    whom nobody has decided yet (then a Review is open); one live edge of an id is its first, and the database keeps
    that one single, so two workers cannot both take the same new id for a stranger's.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    person = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="all_identities", db_index=False)
    kind = models.CharField(max_length=16, choices=IdentityKind)
    issuer = models.CharField(max_length=64, default="")  # corpid, appid, marketplace; empty where the kind is global
    value = models.CharField(max_length=200)
    source = models.CharField(max_length=64, default="")
    is_first = models.BooleanField(default=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "issuer", "value", "customer"], condition=Q(ended_at__isnull=True), name="edge_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "issuer", "value"],
                condition=Q(ended_at__isnull=True, is_first=True),
                name="edge_first_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="identity_person")]


class BlockedIdentity(models.Model):
    """A value that says nothing about who somebody is: a store's shared phone, a marketplace's stand-in number."""

    kind = models.CharField(max_length=16, choices=IdentityKind)
    value = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="blocked_once")]


class Merge(models.Model):
    """A statement that two records are one person. Un-merging sets `undone_at`; people come from the live ones."""

    left = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=64)  # identity kind, or by_hand
    evidence = models.JSONField(default=dict)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=16)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["left"], name="merge_left"), models.Index(fields=["right"], name="merge_right")]


class ReviewState(models.TextChoices):
    OPEN = "open"
    MERGED = "merged"
    KEPT_APART = "kept_apart"


class Review(models.Model):
    """Two records that may be one person; a person decides."""

    left = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=64)
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right", "reason"], name="review_once")]


class OwnershipState(models.TextChoices):
    MUTUAL = "mutual"
    HALF = "half"  # the customer added the member, who has not confirmed
    DELETED_BY_CUSTOMER = "deleted_by_customer"  # the member still sees the contact
    DELETED_BY_MEMBER = "deleted_by_member"
    TRANSFERRED = "transferred"


class Ownership(models.Model):
    """A member's relation with a customer, through its whole life; re-adding continues the same row."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ownerships")
    person = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="all_ownerships", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ownerships")
    state = models.CharField(max_length=24, choices=OwnershipState)
    state_at = models.DateTimeField()  # the moment `state` speaks of; older tidings do not change it
    added_at = models.DateTimeField()
    add_told = models.BooleanField(default=False)  # the present add has been announced
    ended_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, default="")
    description = models.CharField(max_length=1000, default="")
    company = models.CharField(max_length=200, default="")
    phones = models.JSONField(default=list)  # as the member noted them in WeCom
    add_way = models.IntegerField(default=0)  # WeCom's number; unknown ones are kept as they come
    state_code = models.CharField(max_length=128, default="")  # the `state` a live code put on the add
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "member"], name="ownership_once")]
        indexes = [
            models.Index(fields=["member", "person"], name="ownership_member"),
            models.Index(fields=["person"], name="ownership_person"),
            models.Index(fields=["state_code"], name="ownership_code"),
            # Who was added within some months is read from this alone.
            models.Index(fields=["added_at", "person", "state"], name="ownership_added_person"),
            models.Index(fields=["state", "person"], name="ownership_state"),
            # Counting what members hold reads nothing but this.
            models.Index(fields=["member", "state"], name="ownership_held"),
        ]

    @property
    def is_held(self) -> bool:
        return self.state in HELD


HELD = (OwnershipState.MUTUAL, OwnershipState.HALF)


class TagGroupKind(models.TextChoices):
    CORP = "corp"  # WeCom's own library, two-way
    OWN = "own"  # ours alone
    RULE = "rule"  # made by rules


class TagGroup(models.Model):
    kind = models.CharField(max_length=8, choices=TagGroupKind)
    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, null=True, related_name="tag_groups")
    wecom_id = models.CharField(max_length=64, default="", db_index=True)
    name = models.CharField(max_length=100)
    order = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)


class Tag(models.Model):
    group = models.ForeignKey(TagGroup, on_delete=models.PROTECT, related_name="tags")
    wecom_id = models.CharField(max_length=64, default="", db_index=True)
    name = models.CharField(max_length=100)
    order = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"], condition=Q(deleted_at__isnull=True), name="tag_name_once"
            )
        ]


class Tagging(models.Model):
    """A tag on a customer for a time: who put it there, when and why. Corp tags are put by a member's relation."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="taggings")
    person = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="all_taggings", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="taggings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=16)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=200, default="")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=200, default="")
    settled = models.BooleanField(default=True)  # False: a corp tag whose adding or removal WeCom has yet to be told

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "tag", "member"],
                condition=Q(removed_at__isnull=True, member__isnull=False),
                name="tagging_once",
            ),
            models.UniqueConstraint(
                fields=["customer", "tag"],
                condition=Q(removed_at__isnull=True, member__isnull=True),
                name="own_tagging_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tag", "person"], condition=Q(removed_at__isnull=True), name="tagging_tag"),
            models.Index(fields=["person"], name="tagging_person"),
        ]


class FieldKind(models.TextChoices):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SWITCH = "switch"


class CustomField(models.Model):
    key = models.SlugField(max_length=64, unique=True)
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=FieldKind)
    options = models.JSONField(default=list)  # of a choice
    order = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class Consent(models.Model):
    """A statement about what a customer allows. Only ever added to; the newest for a purpose and channel counts.

    Over the records of one person the strictest newest statement counts, so a merge never widens a consent.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=32)
    channel = models.CharField(max_length=32)
    granted = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=64, default="")
    text_version = models.CharField(max_length=64, default="")
    by_name = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-at"], name="consent_newest")]


class SearchTerm(models.Model):
    """Pieces of what a person can be found by: pairs of neighbouring characters, first characters, phone tails."""

    pk = models.CompositePrimaryKey("term", "person_id")
    term = models.CharField(max_length=16)
    person = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")


class Erasure(models.Model):
    """The receipt of an erasure: what was removed, when, for whom by pseudonym; provable without naming the person."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=200, default="")
    counts = models.JSONField(default=dict)
    proof = models.CharField(max_length=64, default="")
