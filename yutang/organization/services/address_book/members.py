"""Members as a corp's address book tells of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from yutang.kernel import clock
from yutang.kernel.actors import SYSTEM, Actor
from yutang.kernel.audit import audit
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Corp, Department, Member, MemberStatus
from yutang.organization.services.address_book.changes import BATCH, Changes, one_at_a_time, tell
from yutang.organization.services.availability import announce_availability, is_available

_TOLD = ("name", "alias", "position", "avatar", "status")


@dataclass(frozen=True)
class MemberRow:
    """`department_ids` are WeCom's. None, an empty text and no status mean that the source does not say."""

    userid: str
    name: str = ""
    alias: str = ""
    position: str = ""
    avatar: str = ""
    status: MemberStatus | None = None
    department_ids: Sequence[int] | None = None


@transaction.atomic
def upsert_members(corp: Corp, rows: Iterable[MemberRow], *, complete: bool = False, by: Actor = SYSTEM) -> Changes:
    """Bring members up to date. With `complete`, the rows are all there are and the others have left."""
    told = {row.userid: row for row in rows if row.userid}
    one_at_a_time(corp)
    changes = Changes()
    departments = dict(Department.objects.filter(corp=corp).values_list("wecom_id", "pk"))
    remaining = iter(told.values())
    while batch := list(islice(remaining, BATCH)):
        _upsert(corp, batch, departments, changes)
    if complete:
        changes.gone = _leave(corp, set(_present(corp).values_list("userid", flat=True)) - set(told))
    tell("members.synced", corp, changes, by)
    return changes


@transaction.atomic
def mark_members_left(corp: Corp, userids: Iterable[str], *, by: Actor = SYSTEM) -> Changes:
    changes = Changes(gone=_leave(corp, userids))
    tell("members.synced", corp, changes, by)
    return changes


@transaction.atomic
def set_serving_members(corp: Corp, userids: Iterable[str], *, by: Actor = SYSTEM) -> Changes:
    """These, and no others, have WeCom's customer-contact function."""
    serving = set(userids)
    one_at_a_time(corp)
    known = dict(Member.objects.filter(corp=corp).values_list("userid", "serves_customers"))
    for userid in serving - set(known):
        ensure_member(corp, userid)
    begun = [userid for userid, serves in known.items() if userid in serving and not serves]
    ended = [userid for userid, serves in known.items() if userid not in serving and serves]
    for userids, serves in ((begun, True), (ended, False)):
        _members(corp, userids).update(serves_customers=serves, updated_at=clock.now())
    announce_availability(_members(corp, begun + ended), reason="function")
    changes = Changes(created=len(serving - set(known)), changed=len(begun), gone=len(ended))
    tell("members.serving_synced", corp, changes, by)
    return changes


def ensure_member(corp: Corp, userid: str) -> Member:
    """The member of this userid; one we had not heard of becomes a row without a name."""
    now = clock.now()
    member, _ = Member.objects.get_or_create(
        corp=corp, userid=userid, defaults={"created_at": now, "updated_at": now, "serves_customers": True}
    )
    return member


@transaction.atomic
def rename_member(corp: Corp, old_userid: str, new_userid: str, *, by: Actor = SYSTEM) -> None:
    """WeCom gave a member another userid. Where both are known already, each stays what it is."""
    one_at_a_time(corp)
    if Member.objects.filter(corp=corp, userid=new_userid).exists():
        return
    if Member.objects.filter(corp=corp, userid=old_userid).update(userid=new_userid, updated_at=clock.now()):
        audit("member.renamed", by=by, subject_kind="member", subject_id=new_userid, before=old_userid)


def _upsert(corp: Corp, rows: list[MemberRow], departments: Mapping[int, int], changes: Changes) -> None:
    members = {member.userid: member for member in _members(corp, [row.userid for row in rows])}
    could_serve = {userid for userid, member in members.items() if is_available(member)}
    now = clock.now()
    fresh = {
        row.userid: Member(corp=corp, userid=row.userid, created_at=now, updated_at=now)
        for row in rows
        if row.userid not in members
    }
    changed = {row.userid for row in rows if row.userid in members and _retell(members[row.userid], row)}
    for row in rows:
        if row.userid in fresh:
            _retell(fresh[row.userid], row)
    for userid in changed:
        members[userid].updated_at = now
    Member.objects.bulk_create(fresh.values())
    Member.objects.bulk_update([members[userid] for userid in changed], [*_TOLD, "updated_at"])
    announce_availability(
        (member for userid, member in members.items() if is_available(member) != (userid in could_serve)),
        reason="status",
    )
    everyone = members | fresh
    moved = _move({everyone[row.userid].pk: row for row in rows}, departments)
    changed |= {userid for userid, member in members.items() if member.pk in moved}
    changes.created += len(fresh)
    changes.changed += len(changed)


def _retell(member: Member, row: MemberRow) -> bool:
    """Write what the row says onto the member. True if that changed anything."""
    before = [getattr(member, name) for name in _TOLD]
    member.name = one_line(row.name, 200) or member.name
    member.alias = one_line(row.alias, 200) or member.alias
    member.position = one_line(row.position, 200) or member.position
    member.avatar = one_line(row.avatar, 500) or member.avatar
    if row.status is not None:
        member.status = row.status
    elif member.status == MemberStatus.LEFT:
        member.status = MemberStatus.ACTIVE  # whoever is in the address book again is back
    return before != [getattr(member, name) for name in _TOLD]


def _move(rows: Mapping[int, MemberRow], departments: Mapping[int, int]) -> set[int]:
    """Put members into the departments their rows name. Returns those who moved."""
    links = Member.departments.through.objects
    told = {pk: row.department_ids for pk, row in rows.items() if row.department_ids is not None}
    wanted = {(pk, departments[each]) for pk, ids in told.items() for each in ids if each in departments}
    present = {
        (member, department): link
        for link, member, department in links.filter(member_id__in=told).values_list("pk", "member_id", "department_id")
    }
    links.filter(pk__in=[link for place, link in present.items() if place not in wanted]).delete()
    links.bulk_create([links.model(member_id=pk, department_id=each) for pk, each in wanted - set(present)])
    return {member for member, _ in wanted ^ set(present)}


def _members(corp: Corp, userids: Iterable[str]) -> QuerySet[Member]:
    return Member.objects.filter(corp=corp, userid__in=list(userids))


def _present(corp: Corp) -> QuerySet[Member]:
    return Member.objects.filter(corp=corp).exclude(status=MemberStatus.LEFT)


def _leave(corp: Corp, userids: Iterable[str]) -> int:
    gone, remaining = 0, iter(list(userids))
    while batch := list(islice(remaining, BATCH)):
        leaving = list(_present(corp).filter(userid__in=batch).values_list("pk", flat=True))
        gone += Member.objects.filter(pk__in=leaving).update(status=MemberStatus.LEFT, updated_at=clock.now())
        announce_availability(Member.objects.filter(pk__in=leaving), reason="status")
    return gone
