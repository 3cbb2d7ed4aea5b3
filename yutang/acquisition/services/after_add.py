"""What a code does with a new contact besides greeting: tags, source, remark, whose customer it is, who it is."""

from django.db import transaction

from yutang.acquisition.events import CodeJoined, SecondMemberAdded
from yutang.acquisition.models import CustomerCode, LiveCode
from yutang.acquisition.orders import customer_of_order
from yutang.acquisition.remarks import remark_from
from yutang.acquisition.services.apply import retire_card
from yutang.acquisition.services.greet import places
from yutang.channels.wecom.connection import app_of, calling
from yutang.channels.wecom.errors import WeComError
from yutang.customers.errors import AlreadyOnePerson, CustomerErased
from yutang.customers.models import HELD, Customer, Identity, IdentityKind, Ownership
from yutang.customers.services.merge import merge
from yutang.customers.services.reviews import open_review
from yutang.customers.services.tags import add_tags
from yutang.kernel import jobs
from yutang.kernel.actors import SYSTEM
from yutang.kernel.facts import Fact, announce
from yutang.kernel.plain_text import one_line
from yutang.organization.models import Member

SOURCE = "live_code"
WRITE_REMARK, TELL_MEMBER = "acquisition.write_remark", "acquisition.tell_member"
FROM_CHANNEL = ("", "wecom")  # sources that say no more than that WeCom told us


@transaction.atomic
def treat(fact: Fact, code: LiveCode) -> None:
    """Everything a scan of this code brings about that needs no call to WeCom; what does is left as jobs."""
    if fact.customer_id is None or fact.member_id is None:
        return
    customer, member = Customer.objects.get(pk=fact.customer_id), Member.objects.get(pk=fact.member_id)
    _note_source(customer, code)
    tag_ids = list(code.tags.filter(deleted_at=None).values_list("pk", flat=True))
    if tag_ids:
        add_tags([customer.pk], tag_ids, by=SYSTEM, at=fact.at, reason=code.name, member=member, source=SOURCE)
    if code.remark_template or code.description:
        payload: dict[str, object] = {"customer_id": customer.pk, "member_id": member.pk, "code_id": code.pk}
        jobs.enqueue(WRITE_REMARK, payload, key=f"{WRITE_REMARK}:{customer.pk}:{member.pk}")
    if code.one_member_only:
        _warn_of_second_member(fact, customer, member, code)


def _note_source(customer: Customer, code: LiveCode) -> None:
    """How we first met: only where nothing better is known, and only by the first contact."""
    if customer.source in FROM_CHANNEL:
        Customer.objects.filter(pk=customer.pk, source__in=FROM_CHANNEL).update(source=f"{SOURCE}:{code.pk}")


def _warn_of_second_member(fact: Fact, customer: Customer, member: Member, code: LiveCode) -> None:
    """WeCom lets anybody scan; so where a customer has a member already, both are told, and it is on record."""
    others = Ownership.objects.filter(
        person_id=customer.person_key, state__in=HELD, member__corp_id=code.corp_id, added_at__lte=fact.at
    )
    first = others.exclude(member=member).order_by("added_at", "pk").select_related("member").first()
    if first is None:
        return
    new = announce(
        Fact(
            event=SecondMemberAdded(code_id=code.pk, first_member_id=first.member_id),
            key=f"contact.added_twice:{customer.pk}:{member.pk}:{fact.at.isoformat()}",
            at=fact.at,
            customer_id=customer.pk,
            member_id=member.pk,
            corp_id=code.corp_id,
            source=f"{SOURCE}:{code.pk}",
        )
    )
    if not new:
        return
    name = customer.name or first.remark or "新客户"
    _tell(member, f"客户“{name}”已由 {first.member.label} 服务，请先与同事沟通再联系客户。")
    _tell(first.member, f"您的客户“{name}”刚刚扫码添加了 {member.label}。")


def _tell(member: Member, text: str) -> None:
    jobs.enqueue(TELL_MEMBER, {"member_id": member.pk, "text": one_line(text, 500)})


def tell_member(member_id: int, text: str) -> None:
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        return
    with calling(app_of(member.corp_id)) as client:
        client.send_text_to_members([member.userid], text)


# remark

NO_RELATION = (84061, 40096)  # half a contact has no remark yet; its confirmation comes back here


def write_remark(customer_id: int, member_id: int, code_id: int) -> None:
    """Put the code's remark and description on the contact in WeCom, where the member has written none."""
    relation = (
        Ownership.objects.select_related("customer", "member__store", "member__corp")
        .filter(customer=customer_id, member=member_id, state__in=HELD)
        .first()
    )
    code = LiveCode.objects.filter(pk=code_id).first()
    external_userid = _external_userid(customer_id, relation) if relation else None
    if relation is None or code is None or external_userid is None:
        return
    member = relation.member
    with calling(app_of(member.corp_id)) as client:
        try:
            detail = client.customer(external_userid)
            name = one_line(detail["external_contact"].get("name") or "", 200) or relation.customer.name
            mine = next((each for each in detail["follow_user"] if each["userid"] == member.userid), None)
            values = places(member, name) | {"nickname": name, "code": code.name}
            remark = remark_from(code.remark_template, values)
            # WeCom shows the nickname as the remark until somebody writes one.
            untouched = mine is None or (mine.get("remark") or "") in ("", name)
            changes = {}
            if remark and untouched:
                changes["remark"] = remark
            if code.description and not (mine or {}).get("description"):
                changes["description"] = code.description
            if changes:
                client.remark(member.userid, external_userid, **changes)
        except WeComError as error:
            if error.errcode not in NO_RELATION:
                raise


def _external_userid(customer_id: int, relation: Ownership) -> str | None:
    issuer = relation.member.corp.wecom_corpid
    edges = Identity.objects.filter(
        customer=customer_id, kind=IdentityKind.EXTERNAL_USERID, issuer=issuer, ended_at=None
    )
    return edges.values_list("value", flat=True).first()


# a card for one customer

PERSONAL_CODE = "personal_code"


@transaction.atomic
def join(fact: Fact, card: CustomerCode) -> None:
    """Whoever scanned a card printed for one customer is taken to be that customer.

    Only the first to scan, and only where nothing speaks against it: a card may be handed on. Else people decide.
    """
    held = CustomerCode.objects.select_for_update(of=("self",)).select_related("customer").get(pk=card.pk)
    if fact.customer_id is None or held.joined_customer_id == fact.customer_id:
        return
    known = _known_customer(held)
    scanner = Customer.objects.get(pk=fact.customer_id)
    is_first = held.joined_at is None
    if is_first:
        retire_card(held.pk)
        CustomerCode.objects.filter(pk=held.pk).update(customer=known, joined_at=fact.at, joined_customer_id=scanner.pk)
    if known is None or known.person_key == scanner.person_key:
        return
    evidence: dict[str, object] = {"customer_code": held.pk, "order": held.order_number}
    if not is_first or _have_different_phones(known, scanner):
        open_review(known.pk, scanner.pk, reason=PERSONAL_CODE, evidence=evidence, at=fact.at)
        return
    try:
        merge(known, scanner, by=SYSTEM, reason=PERSONAL_CODE, evidence=evidence)
    except (AlreadyOnePerson, CustomerErased):
        return
    announce(
        Fact(
            event=CodeJoined(customer_code_id=held.pk, known_customer_id=known.pk),
            key=f"code.joined:{held.pk}:{scanner.pk}",
            at=fact.at,
            customer_id=scanner.pk,
            member_id=fact.member_id,
            corp_id=fact.corp_id,
            source=f"{SOURCE}:{held.code_id}",
        )
    )


def _known_customer(card: CustomerCode) -> Customer | None:
    if card.customer is not None or not card.order_number:
        return card.customer
    found = customer_of_order(card.order_source, card.order_number)
    return Customer.objects.filter(pk=found).first() if found is not None else None


def _have_different_phones(one: Customer, other: Customer) -> bool:
    phones = [
        set(
            Identity.objects.filter(person=each.person_key, kind=IdentityKind.PHONE, ended_at=None).values_list(
                "value", flat=True
            )
        )
        for each in (one, other)
    ]
    return bool(phones[0] and phones[1] and not phones[0] & phones[1])
