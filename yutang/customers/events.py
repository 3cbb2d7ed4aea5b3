"""What the customers app announces."""

from dataclasses import dataclass

from yutang.kernel.facts import DomainEvent
from yutang.kernel.language import Text


@dataclass(frozen=True)
class CustomerCreated(DomainEvent):
    """A record of somebody we did not know before."""

    name = "customer.created"
    label = Text("新建客户", "Customer created")
    sentence = Text("成为已知客户，来自 {source}", "Became known, from {source}")
    source: str


@dataclass(frozen=True)
class CustomerIdentified(DomainEvent):
    """A further id of a customer became known."""

    name = "customer.identified"
    label = Text("识别身份", "Identity learnt")
    sentence = Text("识别到新的身份：{kind}", "A further identity became known: {kind}")
    kind: str
    issuer: str
    source: str


@dataclass(frozen=True)
class CustomerChanged(DomainEvent):
    """What is noted of a customer changed: some of name, gender, fields, identity."""

    name = "customer.changed"
    label = Text("客户资料变化", "Customer details changed")
    changed: list[str]


@dataclass(frozen=True)
class CustomerMerged(DomainEvent):
    """Two records were found to be one person."""

    name = "customer.merged"
    label = Text("合并客户", "Customers merged")
    sentence = Text("与客户 {other_id} 合并", "Merged with customer {other_id}")
    merge_id: int
    other_id: int
    reason: str


@dataclass(frozen=True)
class CustomerUnmerged(DomainEvent):
    """A merge was taken back."""

    name = "customer.unmerged"
    label = Text("拆分客户", "Merge undone")
    sentence = Text("与客户 {other_id} 的合并已撤销", "The merge with customer {other_id} was taken back")
    merge_id: int
    other_id: int


@dataclass(frozen=True)
class StageChanged(DomainEvent):
    """The customer moved on in the relationship."""

    name = "customer.stage_changed"
    label = Text("阶段变化", "Stage changed")
    sentence = Text("阶段由 {before} 变为 {after}", "Moved from {before} to {after}")
    before: str
    after: str


@dataclass(frozen=True)
class ContactAdded(DomainEvent):
    """A member and a customer became contacts.

    `state_code` is what the scanned code carried, `add_way` WeCom's number. `ticket_id` names the channel's right to
    send one welcome, where there is one; `half` means that the member has yet to confirm.
    """

    name = "contact.added"
    label = Text("添加好友", "Contact added")
    sentence = Text("添加了 {member}", "Added {member}")
    add_way: int
    state_code: str
    half: bool
    ticket_id: int | None = None


@dataclass(frozen=True)
class ContactConfirmed(DomainEvent):
    """A member confirmed a contact that was half until now. Not another add, but another right to send a welcome."""

    name = "contact.confirmed"
    label = Text("员工通过好友", "Contact confirmed")
    sentence = Text("{member} 通过了好友", "{member} confirmed the contact")
    add_way: int
    state_code: str
    ticket_id: int | None = None


@dataclass(frozen=True)
class ContactChanged(DomainEvent):
    """A member changed remark, description, phones or tags of the customer in WeCom."""

    name = "contact.changed"
    label = Text("修改客户资料", "Contact details changed")
    sentence = Text("{member} 修改了资料", "{member} changed the details")
    changed: list[str]


@dataclass(frozen=True)
class RelationChanged(DomainEvent):
    """A relation is another than before without having begun or ended: who ended it, or how it came to be."""

    name = "relation.changed"
    label = Text("好友关系变化", "Relation changed")
    sentence = Text("与 {member} 的好友关系有变化", "The relation with {member} changed")
    state: str


@dataclass(frozen=True)
class ContactLost(DomainEvent):
    """A relation ended. `by` is member, customer or transfer."""

    name = "contact.lost"
    label = Text("好友流失", "Contact lost")
    sentence = Text("与 {member} 的好友关系结束", "The contact with {member} ended")
    by: str


@dataclass(frozen=True)
class TagAdded(DomainEvent):
    """A tag was put on a customer. `tagging_id` names the row; a channel that carries the tag outwards settles it."""

    name = "tag.added"
    label = Text("打标签", "Tag added")
    sentence = Text("打上标签「{tag}」", "Tagged {tag}")
    tag_id: int
    tag: str
    reason: str
    tagging_id: int


@dataclass(frozen=True)
class TagRemoved(DomainEvent):
    """A tag was taken off a customer."""

    name = "tag.removed"
    label = Text("移除标签", "Tag removed")
    sentence = Text("移除标签「{tag}」", "Tag {tag} removed")
    tag_id: int
    tag: str
    reason: str
    tagging_id: int


@dataclass(frozen=True)
class TagLibraryChanged(DomainEvent):
    """A tag or group was created, renamed or deleted. `tag_id` is null where the group itself was."""

    name = "tag_library.changed"
    label = Text("标签库变更", "Tag library changed")
    change: str  # created, renamed, deleted
    group_id: int
    tag_id: int | None = None


@dataclass(frozen=True)
class ConsentStated(DomainEvent):
    name = "consent.stated"
    label = Text("授权变更", "Consent stated")
    purpose: str
    channel: str
    granted: bool


@dataclass(frozen=True)
class CustomerForgotten(DomainEvent):
    """A customer's personal data was erased; `erasure_id` is the receipt."""

    name = "customer.forgotten"
    label = Text("个人信息已删除", "Personal data erased")
    erasure_id: int
