"""What commerce refuses, each refusal by name."""

from yutang.kernel.errors import DomainError
from yutang.kernel.language import Text


class FileUnreadable(DomainError):
    """The file as a whole cannot be imported. `why` says it in both languages."""

    code, status = "file_unreadable", 422
    text = Text("无法读取文件“{file}”：{why_zh}", "The file “{file}” cannot be read: {why_en}")
    advice = Text("请另存为 UTF-8 编码的 CSV 或 XLSX 后重试。", "Save it as CSV (UTF-8) or XLSX and try again.")

    def __init__(self, file: str, why: Text) -> None:
        super().__init__(file=file, why_zh=why.zh, why_en=why.en)


class FileTooBig(DomainError):
    code, status = "file_too_big", 413
    text = Text(
        "文件“{file}”超过 {limit_mb} MB 的上限（含解压后的大小）。",
        "The file “{file}” exceeds the limit of {limit_mb} MB (unpacked size included).",
    )
    advice = Text("请按月份拆分后分别导入。", "Split it, by month for example, and import the parts.")


class ColumnsDiffer(DomainError):
    code = "columns_differ"
    text = Text(
        "文件夹里的文件列不一致：{files}。请逐个导入。",
        "The files in the folder have different columns: {files}. Import them one by one.",
    )


class MappingIncomplete(DomainError):
    code, status = "mapping_incomplete", 422
    text = Text("还缺少这些字段对应的列：{missing_zh}。", "No column is chosen yet for: {missing_en}.")
    advice = Text("请为它们选择列（命令行用 --map 字段=列名）。", "Choose columns for them (--map field=column).")


class UnknownColumn(DomainError):
    code, status = "unknown_column", 422
    text = Text(
        "文件里没有列“{column}”。现有的列：{columns}。", "The file has no column “{column}”. It has: {columns}."
    )


class UnknownField(DomainError):
    code, status = "unknown_field", 422
    text = Text("没有字段“{field}”。可用的字段：{known}。", "There is no field “{field}”. Fields are: {known}.")


class BadOption(DomainError):
    code, status = "bad_option", 422
    text = Text("选项 {name} 的值“{value}”不可用。", "Option {name} cannot be “{value}”.")


class CurrencyDiffers(DomainError):
    code = "currency_differs"
    text = Text(
        "来源“{source}”的订单用 {known}，不能混入 {given}。",
        "Orders of the source “{source}” are in {known}; {given} cannot be mixed in.",
    )
    advice = Text("请换一个来源名称。", "Import them under another source name.")


class NotInThisState(DomainError):
    code = "not_in_this_state"
    text = Text("导入任务处于“{state}”状态，不能这样做。", "The import is {state}; this cannot be done now.")


class AlreadyImporting(DomainError):
    code = "mapping_fixed"
    text = Text(
        "已经写入部分订单，不能再改列的对应关系。", "Some orders are already written; the mapping is fixed now."
    )
    advice = Text("请取消后重新上传。", "Cancel it and upload the file again.")
