"""What the customers app refuses to do."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class NothingToGoBy(DomainError):
    code, status = "nothing_to_go_by", 422
    text = Text("没有可用于识别客户的身份信息。", "Nothing here tells who this is.")
    advice = Text(
        "请检查手机号等身份是否完整；占位号码和已屏蔽的号码不能用于识别。",
        "Check that the id is complete; stand-in and blocked values cannot identify anybody.",
    )


class AlreadyOnePerson(DomainError):
    code = "already_one_person"
    text = Text("这两条记录已经是同一位客户。", "These two records are one customer already.")


class MergeAlreadyUndone(DomainError):
    code = "merge_already_undone"
    text = Text("这次合并已经撤销。", "This merge was undone before.")


class ReviewAlreadyDecided(DomainError):
    code = "review_already_decided"
    text = Text("这条待审核已有结论。", "This review has been decided.")


class CustomerErased(DomainError):
    code = "customer_erased"
    text = Text("该客户的个人信息已被删除。", "This customer's personal data was erased.")


class NameFromWeChat(DomainError):
    code = "name_from_wechat"
    text = Text(
        "该客户的昵称来自微信，不能在这里修改。", "This customer's name comes from WeChat and is not ours to edit."
    )
    advice = Text("请让员工在企业微信中修改备注。", "A member can set a remark in WeCom instead.")


class TagNameTaken(DomainError):
    code = "tag_name_taken"
    text = Text("已有同名的“{name}”。", "There is one named “{name}” already.")


class NoContactToTag(DomainError):
    code = "no_contact_to_tag"
    text = Text(
        "企业标签要打在员工的客户关系上，该客户没有可用的员工关系。",
        "A corp tag is put on a member's contact, and no member holds this customer.",
    )
    advice = Text("请改用自有标签。", "Use one of your own tags instead.")


class NoPhone(DomainError):
    code, status = "no_phone", 404
    text = Text("该客户没有手机号。", "No phone number of this customer is known.")


class FieldKeyTaken(DomainError):
    code = "field_key_taken"
    text = Text("字段标识“{key}”已被使用。", "The field key “{key}” is in use.")


class TooManyRows(DomainError):
    code, status = "too_many_rows", 422
    text = Text("一次最多 {limit} 个。", "At most {limit} at once.")
