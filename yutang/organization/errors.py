"""What the organization can refuse, each refusal by name."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class WrongPassword(DomainError):
    code, status = "wrong_password", 401
    text = Text("用户名或密码不正确。", "The user name or the password is wrong.")


class AccountDisabled(DomainError):
    code, status = "account_disabled", 403
    text = Text("该账号已停用。", "This account is disabled.")
    advice = Text("请联系管理员重新启用。", "Ask an administrator to enable it again.")


class TotpRequired(DomainError):
    code, status = "totp_required", 401
    text = Text("请输入验证器上的 6 位动态码。", "Enter the 6-digit code of your authenticator.")


class TotpWrong(DomainError):
    code, status = "totp_wrong", 401
    text = Text("动态码不正确或已经用过。", "This code is wrong or was used already.")
    advice = Text(
        "请等待下一个动态码；如果一直不对，请检查手机时间是否准确，或使用恢复码。",
        "Wait for the next code. If none works, check your phone's clock or use a recovery code.",
    )


class TotpNotStarted(DomainError):
    code, status = "totp_not_started", 409
    text = Text("请先开始设置动态码。", "Start setting up the second factor first.")


class TotpAlreadyOn(DomainError):
    code, status = "totp_already_on", 409
    text = Text("动态码已经启用。", "The second factor is on already.")


class WeakPassword(DomainError):
    code, status = "weak_password", 422
    text = Text("密码不够安全。", "This password is too weak.")


class NoAccountForMember(DomainError):
    code, status = "no_account_for_member", 403
    text = Text("{member} 还没有控制台账号。", "{member} has no console account yet.")
    advice = Text(
        "请管理员在「设置 · 账号」中为该员工新建账号并关联员工。",
        "Ask an administrator to create an account for this member under Set-up, Accounts.",
    )


class NotStaff(DomainError):
    code, status = "not_staff", 403
    text = Text("只有本企业的员工可以登录。", "Only members of this corp can sign in.")


class SignInDeclined(DomainError):
    code, status = "sign_in_declined", 403
    text = Text("企业微信登录被取消。", "The WeCom sign-in was declined.")


class SignInCodeRefused(DomainError):
    """The code was used, too old or made up."""

    code, status = "sign_in_code_refused", 401
    text = Text("企业微信登录已过期，请重新扫码。", "This WeCom sign-in has expired. Scan again.")


class SignInStateWrong(DomainError):
    code, status = "sign_in_state_wrong", 403
    text = Text("这次登录不是从本浏览器发起的。", "This sign-in was not started in this browser.")
    advice = Text("请回到登录页重新开始。", "Go back to the sign-in page and start again.")


class BeyondRank(DomainError):
    code, status = "beyond_rank", 403
    text = Text("只有所有者可以任命或修改所有者。", "Only an owner can appoint or change owners.")


class LastOwner(DomainError):
    code, status = "last_owner", 409
    text = Text("这是最后一个所有者，不能停用或降级。", "This is the last owner; it cannot be disabled or demoted.")
    advice = Text("请先任命另一个所有者。", "Appoint another owner first.")


class BrandInUse(DomainError):
    code, status = "brand_in_use", 409
    text = Text("品牌「{name}」还有 {stores} 家门店。", "{stores} stores belong to the brand {name}.")
    advice = Text("请先把这些门店改到其他品牌。", "Move these stores to another brand first.")
