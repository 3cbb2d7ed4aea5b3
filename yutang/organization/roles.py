"""Which permissions each role has, and what roles and permissions are called."""

from collections.abc import Mapping

from yutang.kernel.language import Text
from yutang.kernel.permissions import Permission
from yutang.organization.models import Role

P = Permission

_SEE = frozenset(
    {P.SEE_OVERVIEW, P.SEE_CUSTOMERS, P.SEE_ORDERS, P.SEE_LIVE_CODES, P.SEE_EVENTS, P.SEE_ORGANIZATION}
    | {P.SEE_SEGMENTS, P.SEE_INSIGHTS}
)
_OPERATE = frozenset(
    {P.EDIT_CUSTOMERS, P.EXPORT_CUSTOMERS, P.REVEAL_PHONES, P.MERGE_CUSTOMERS, P.EDIT_TAGS, P.IMPORT_ORDERS}
    | {P.EDIT_LIVE_CODES, P.EDIT_WELCOMES, P.SEE_INBOX, P.REPLAY_INBOX, P.REPLAY_EVENTS}
    | {P.EDIT_SEGMENTS, P.EDIT_INSIGHTS, P.SWITCH_MEMBERS}
)
_EVERYTHING = frozenset(P)

PERMISSIONS: Mapping[str, frozenset[P]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMINISTRATOR: _EVERYTHING,
    Role.OPERATOR: _SEE | _OPERATE,
    Role.STORE_MANAGER: _SEE | {P.EDIT_CUSTOMERS, P.REVEAL_PHONES, P.EDIT_TAGS, P.EDIT_LIVE_CODES, P.SWITCH_MEMBERS},
    Role.GUIDE: (_SEE - {P.SEE_EVENTS}) | {P.EDIT_CUSTOMERS, P.REVEAL_PHONES},
    Role.ANALYST: _SEE | {P.EXPORT_CUSTOMERS, P.EDIT_SEGMENTS, P.EDIT_INSIGHTS},
    Role.AUDITOR: _SEE | {P.SEE_INBOX, P.SEE_AUDIT},
}

ROLE_NAMES: Mapping[str, Text] = {
    Role.OWNER: Text("所有者", "Owner"),
    Role.ADMINISTRATOR: Text("管理员", "Administrator"),
    Role.OPERATOR: Text("运营", "Operator"),
    Role.STORE_MANAGER: Text("店长", "Store manager"),
    Role.GUIDE: Text("导购", "Guide"),
    Role.ANALYST: Text("分析师", "Analyst"),
    Role.AUDITOR: Text("审计", "Auditor"),
}

ROLE_PURPOSES: Mapping[str, Text] = {
    Role.OWNER: Text("拥有整个系统，任命其他所有者。", "Owns the installation and appoints other owners."),
    Role.ADMINISTRATOR: Text("连接企业微信，管理账号和组织。", "Connects corps, manages accounts and organization."),
    Role.OPERATOR: Text("日常运营：客户、标签、活码、导入。", "Runs the pool: customers, tags, live codes, imports."),
    Role.STORE_MANAGER: Text("管理本店的客户和活码。", "Looks after a store's customers and live codes."),
    Role.GUIDE: Text("服务自己的客户。", "Serves the customers in their own care."),
    Role.ANALYST: Text("查看并导出数据，不做修改。", "Reads and exports data, changes nothing."),
    Role.AUDITOR: Text("查看一切记录，不做修改。", "Reads every record, changes nothing."),
}

PERMISSION_NAMES: Mapping[P, Text] = {
    P.SEE_OVERVIEW: Text("查看概览", "See the overview"),
    P.SEE_CUSTOMERS: Text("查看客户", "See customers"),
    P.EDIT_CUSTOMERS: Text("编辑客户", "Edit customers"),
    P.EXPORT_CUSTOMERS: Text("导出客户", "Export customers"),
    P.REVEAL_PHONES: Text("查看完整手机号", "See whole phone numbers"),
    P.MERGE_CUSTOMERS: Text("合并与拆分客户", "Merge and un-merge customers"),
    P.ERASE_CUSTOMERS: Text("清除客户个人信息", "Erase customers"),
    P.EDIT_TAGS: Text("管理标签", "Edit tags"),
    P.SEE_ORDERS: Text("查看订单", "See orders"),
    P.IMPORT_ORDERS: Text("导入订单", "Import orders"),
    P.SEE_LIVE_CODES: Text("查看活码", "See live codes"),
    P.EDIT_LIVE_CODES: Text("管理活码", "Edit live codes"),
    P.EDIT_WELCOMES: Text("编辑欢迎语", "Edit welcomes"),
    P.SEE_EVENTS: Text("查看事件", "See events"),
    P.EDIT_EVENT_SOURCES: Text("管理事件来源与写入密钥", "Manage event sources and write keys"),
    P.REPLAY_EVENTS: Text("重放被拒绝的事件", "Replay refused events"),
    P.KEEP_LAKE: Text("维护数据湖", "Look after the lake"),
    P.SEE_SEGMENTS: Text("查看人群", "See segments"),
    P.EDIT_SEGMENTS: Text("编辑人群", "Edit segments"),
    P.SEE_INSIGHTS: Text("查看洞察", "See insights"),
    P.EDIT_INSIGHTS: Text("编辑看板", "Edit boards"),
    P.SEE_INBOX: Text("查看回调收件箱", "See the callback inbox"),
    P.REPLAY_INBOX: Text("重放回调", "Replay callbacks"),
    P.SEE_ORGANIZATION: Text("查看组织", "See the organization"),
    P.EDIT_ORGANIZATION: Text("管理组织", "Edit the organization"),
    P.SWITCH_MEMBERS: Text("切换员工接待状态", "Put members on and off line"),
    P.CONNECT_CORPS: Text("连接企业微信", "Connect corps"),
    P.MANAGE_ACCOUNTS: Text("管理账号", "Manage accounts"),
    P.SEE_AUDIT: Text("查看审计日志", "See the audit log"),
}
