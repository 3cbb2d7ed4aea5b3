"""What segments can refuse, each refusal by name."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class RuleInvalid(DomainError):
    """Not a rule of the published form."""

    code, status = "rule_invalid", 422
    text = Text("规则格式不正确：{where} {problem}", "This is not a rule: {where} {problem}")


class RuleTooDeep(DomainError):
    code, status = "rule_too_deep", 422
    text = Text("规则嵌套过深：最多 {most} 层。", "The rule is nested too deeply: at most {most} levels.")
    advice = Text("请拆成几个人群，再引用它们。", "Make several segments of it and refer to them.")


class RuleTooLarge(DomainError):
    code, status = "rule_too_large", 422
    text = Text(
        "规则的条件过多（{count} 个，最多 {most} 个，含引用的人群）。",
        "The rule has too many conditions: {count} with those of segments it refers to, at most {most}.",
    )


class RuleInCircle(DomainError):
    """The rule refers to itself by way of other segments."""

    code, status = "rule_in_circle", 409
    text = Text("人群互相引用成环：{path}", "Segments refer to each other in a circle: {path}")


class UnknownReference(DomainError):
    """The rule names something that is not there or no longer."""

    code, status = "unknown_reference", 422
    text = Text("规则引用的{what}不存在或已删除：{key}", "The rule names a {what} that does not exist any more: {key}")


class SegmentChangedMeanwhile(DomainError):
    code, status = "segment_changed_meanwhile", 409
    text = Text(
        "该人群已被他人修改（当前第 {version} 版）。",
        "Somebody else has changed this segment: it is at version {version}.",
    )
    advice = Text("请刷新后重新编辑。", "Load it anew and edit that.")


class SegmentInUse(DomainError):
    code, status = "segment_in_use", 409
    text = Text("人群「{by}」引用了它，不能归档。", "The segment “{by}” refers to it, so it cannot be archived.")


class SegmentAtRest(DomainError):
    """Frozen and archived segments do not change."""

    code, status = "segment_at_rest", 409
    text = Text("该人群已冻结或归档，不能修改。", "This segment is frozen or archived and does not change.")


class TagHandedElsewhere(DomainError):
    """One rule alone has the say about a tag."""

    code, status = "tag_handed_elsewhere", 409
    text = Text("标签「{tag}」已由人群「{by}」发放。", "The segment “{by}” gives the tag “{tag}” already.")
    advice = Text("请另选一个标签，或把两个规则合成一个人群。", "Choose another tag, or make one segment of both.")


class TagInCircle(DomainError):
    """Giving the tag would change who is to have it."""

    code, status = "tag_in_circle", 409
    text = Text(
        "「{segment}」的规则取决于它自己发放的标签「{tag}」。",
        "The rule of “{segment}” depends on the tag “{tag}” that it gives itself.",
    )
    advice = Text("请把这个标签从条件中去掉，或另选一个标签。", "Take the tag out of the conditions, or give another.")


class TaggingBeyondScope(DomainError):
    code, status = "tagging_beyond_scope", 403
    text = Text(
        "该人群会给所有成员打标签，包括您数据范围以外的客户。",
        "The segment tags everybody in it, those outside your data scope too.",
    )
    advice = Text("请联系能看到全部客户的同事。", "Ask somebody who sees all customers.")


class SegmentNotReady(DomainError):
    """The first evaluation has not ended."""

    code, status = "segment_not_ready", 409
    text = Text("人群正在计算，请稍候。", "The segment is being computed; it will be ready in a moment.")


class SegmentNameTaken(DomainError):
    code, status = "segment_name_taken", 409
    text = Text("已有名为「{name}」的人群。", "There is a segment named “{name}” already.")


class TooManySegments(DomainError):
    code, status = "too_many_segments", 409
    text = Text("最多 {most} 个人群。", "At most {most} segments.")
    advice = Text("请归档不再使用的人群。", "Archive those no longer used.")
