"""What acquisition can refuse, each refusal by name."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class CodeChangedMeanwhile(DomainError):
    code, status = "changed_meanwhile", 409
    text = Text(
        "有人刚刚修改过它（现为第 {version} 版）。", "Somebody changed it meanwhile (it is now version {version})."
    )
    advice = Text("请刷新后在新版本上重新修改。", "Reload it and make your change on the new version.")


class CodeArchived(DomainError):
    code, status = "code_archived", 409
    text = Text("活码已归档，不能修改。", "This live code is archived and cannot be changed.")
    advice = Text("请先恢复它。", "Restore it first.")


class FoldersChanged(DomainError):
    code, status = "folders_changed", 409
    text = Text("有人刚刚新建或删除了文件夹。", "Somebody made or deleted a folder meanwhile.")
    advice = Text("请刷新后重新排序。", "Reload and put them in order again.")


class FolderBeyondScope(DomainError):
    code, status = "folder_beyond_scope", 403
    text = Text("文件夹里有您数据范围以外的活码。", "It holds live codes outside your data scope.")
    advice = Text("请联系能看到全部活码的同事。", "Ask somebody who sees all of them.")


class AssigneesOutOfScope(DomainError):
    code, status = "assignees_out_of_scope", 403
    text = Text("有接待人员不在您的数据范围内。", "Some of its members are outside your data scope.")
    advice = Text("请只选择您管辖的员工，或联系管理员。", "Choose members in your charge, or ask an administrator.")


class QrNotReady(DomainError):
    code, status = "qr_not_ready", 409
    text = Text("企业微信的二维码尚未生成。", "WeCom's QR code is not there yet.")
    advice = Text(
        "请查看活码的同步状态，或下载落地页二维码。", "Look at the code's state, or download the landing page's code."
    )


class NoFontForCaption(DomainError):
    code, status = "no_font_for_caption", 409
    text = Text(
        "服务器上没有中文字体，无法把文字画进 PNG。", "This server has no Chinese font to draw the caption with."
    )
    advice = Text(
        "请安装字体（如 fonts-noto-cjk），或下载 SVG。", "Install one (fonts-noto-cjk, for instance) or take the SVG."
    )
