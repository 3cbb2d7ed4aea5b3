"""Who works here: corps, brands, departments, stores, members, and the accounts that sign in to the console."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from yutang.kernel.encrypted import SecretField


class Merchant(models.Model):
    """The one merchant of this installation."""

    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")  # IANA name; what "today" means


class Corp(models.Model):
    """A WeCom corp (企业). Several are normal; how each is connected is the channel's business."""

    name = models.CharField(max_length=200)
    wecom_corpid = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()


class Brand(models.Model):
    name = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()


class Department(models.Model):
    """A node of a corp's address book. `path` is the ids from the root, as in /1/7/: a subtree is one prefix."""

    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="departments")
    wecom_id = models.BigIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=200, default="")  # may be withheld by WeCom: then empty
    order = models.BigIntegerField(default=0)
    path = models.CharField(max_length=1000, default="/", db_index=True)
    gone_at = models.DateTimeField(null=True)  # no longer in the address book; kept for history

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "wecom_id"], name="department_once")]


class Store(models.Model):
    """A shop with a place on the map."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, related_name="stores")
    department = models.ForeignKey(Department, on_delete=models.SET_NULL, null=True, related_name="stores")
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=500, default="", blank=True)
    latitude = models.FloatField(null=True)  # degrees, GCJ-02, as Chinese maps give them
    longitude = models.FloatField(null=True)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class MemberStatus(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"
    NOT_ACTIVATED = "not_activated"
    LEFT = "left"


class Member(models.Model):
    """A person on the merchant's staff, in one corp."""

    corp = models.ForeignKey(Corp, on_delete=models.PROTECT, related_name="members")
    userid = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="")  # may be withheld by WeCom: then empty
    alias = models.CharField(max_length=200, default="", blank=True)
    position = models.CharField(max_length=200, default="", blank=True)
    avatar = models.CharField(max_length=500, default="", blank=True)
    status = models.CharField(max_length=16, choices=MemberStatus, default=MemberStatus.ACTIVE)
    serves_customers = models.BooleanField(default=False)  # has WeCom's customer-contact function
    takes_customers = models.BooleanField(default=True)  # the member's own on/off line switch for live codes
    departments = models.ManyToManyField(Department, related_name="members")
    store = models.ForeignKey(Store, on_delete=models.SET_NULL, null=True, related_name="members")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "userid"], name="member_once")]

    @property
    def label(self) -> str:
        return self.name or self.alias or self.userid


class Role(models.TextChoices):
    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    STORE_MANAGER = "store_manager"
    GUIDE = "guide"
    ANALYST = "analyst"
    AUDITOR = "auditor"


class ScopeKind(models.TextChoices):
    ALL = "all"
    DEPARTMENT = "department"
    STORE = "store"
    OWN = "own"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who may sign in to the console. Its scope bounds every list, count, export and search."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role)
    scope_kind = models.CharField(max_length=16, choices=ScopeKind, default=ScopeKind.ALL)
    scope_departments = models.ManyToManyField(Department, related_name="+")
    scope_stores = models.ManyToManyField(Store, related_name="+")
    member = models.OneToOneField(Member, on_delete=models.SET_NULL, null=True, related_name="account")
    totp_secret = SecretField(default="", blank=True)  # base32; empty: no second factor
    totp_pending = SecretField(default="", blank=True)  # shown to the account, but not yet confirmed by a code
    totp_last_step = models.BigIntegerField(default=0)  # the last time step used, so that a code works once
    language = models.CharField(max_length=2, default="zh")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_once")]

    @property
    def has_second_factor(self) -> bool:
        return bool(self.totp_secret)


class RecoveryCode(models.Model):
    """A way in, once, for an account that lost its authenticator. Only a digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """One signed-in browser. Ending it ends the session behind it at once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=64, unique=True)
    method = models.CharField(max_length=16)  # password, wecom
    ip = models.CharField(max_length=64, default="")
    agent = models.CharField(max_length=300, default="")
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
