"""Every errcode WeCom is known to answer with, as data: what it means and what can be done (docs 90313, 98153, 90968).

A row is `code reaction page | Chinese | English`. Reactions are those of `Reaction`; a page names the place in WeCom's
admin console that mends the cause, `-` where no page does. A code that is missing here is read as `UNKNOWN`.
"""

# ruff: noqa: E501 - a row of the table is a line

from dataclasses import dataclass
from enum import StrEnum

from yutang.kernel.language import Text


class Reaction(StrEnum):
    RETRY = "R"  # with back-off, three times at most
    REFRESH = "T"  # fetch a new token once and try once more
    WAIT = "W"  # until the exceeded window is over
    CONFIGURATION = "C"  # somebody must change something in the console
    BAD_REQUEST = "B"  # what was sent is wrong; sending it again cannot help
    STATE = "S"  # how things stand; a business answer, not a fault
    IGNORE = "I"  # as good as success


_OWN_APP_ZH, _OWN_APP_EN = (
    "企业微信管理后台 → 应用管理 → 自建应用",
    "WeCom admin console → App Management → Self-built app",
)
_CONTACT_ZH, _CONTACT_EN = "企业微信管理后台 → 客户联系", "WeCom admin console → Customer Contact"

PAGES = {
    "app": Text(_OWN_APP_ZH, _OWN_APP_EN),
    "ip": Text(f"{_OWN_APP_ZH} → 企业可信IP", f"{_OWN_APP_EN} → Corporate trusted IPs"),
    "range": Text(f"{_OWN_APP_ZH} → 可见范围", f"{_OWN_APP_EN} → Visible range"),
    "receive": Text(f"{_OWN_APP_ZH} → 接收消息 → API接收", f"{_OWN_APP_EN} → Receive messages → API"),
    "domain": Text(f"{_OWN_APP_ZH} → 网页授权及JS-SDK", f"{_OWN_APP_EN} → Web authorisation and JS-SDK"),
    "login": Text(f"{_OWN_APP_ZH} → 企业微信授权登录", f"{_OWN_APP_EN} → WeCom sign-in"),
    "callable": Text(
        f"{_CONTACT_ZH} → 权限配置 → API → 可调用接口的应用", f"{_CONTACT_EN} → Permissions → API → Callable apps"
    ),
    "contact": Text(f"{_CONTACT_ZH} → 权限配置 → 使用范围", f"{_CONTACT_EN} → Permissions → Scope of use"),
    "tags": Text(f"{_CONTACT_ZH} → 客户标签", f"{_CONTACT_EN} → Customer tags"),
    "links": Text(f"{_CONTACT_ZH} → 获客助手", f"{_CONTACT_EN} → Customer acquisition"),
    "developer": Text(f"{_CONTACT_ZH} → API → 微信开发者ID", f"{_CONTACT_EN} → API → WeChat developer ID"),
    "sync": Text("企业微信管理后台 → 管理工具 → 通讯录同步", "WeCom admin console → Tools → Contacts sync"),
    "members": Text("企业微信管理后台 → 通讯录", "WeCom admin console → Contacts"),
    "corp": Text("企业微信管理后台 → 我的企业", "WeCom admin console → My Company"),
    "mini": Text("企业微信管理后台 → 应用管理 → 小程序", "WeCom admin console → App Management → Mini programs"),
    "kf": Text("企业微信管理后台 → 微信客服 → API", "WeCom admin console → WeChat Customer Service → API"),
    "archive": Text("企业微信管理后台 → 管理工具 → 会话内容存档", "WeCom admin console → Tools → Chat archive"),
}


@dataclass(frozen=True)
class Meaning:
    code: int
    reaction: Reaction
    text: Text
    page: Text | None  # the place in the admin console that mends it, named as its menus are


GENERAL = """
-1 R - | 企业微信系统繁忙 | WeCom is busy
6000 R - | 数据版本冲突，有人同时在修改 | the same data was changed at the same moment
40001 C app | Secret 缺失、与企业 ID 不匹配、已重置，或应用已停用 | secret missing, of another corp, reset, or the app is disabled
40013 C corp | 企业 ID 不存在 | unknown corp id
40014 T - | access_token 无法识别、已过期或类型不对 | access token unknown, expired, or of the wrong kind
40033 B - | 请求含非法字符 | illegal characters in the request
40035 B - | 成员或部门列表参数不合法 | illegal parameter in a call on members or departments
40056 B app | AgentID 不合法或不存在 | agent id malformed or unknown
40058 B - | 请求参数不合法：格式、长度或数量超限 | bad parameter: malformed, too long, or too many
40063 B - | 缺少必填参数 | a required parameter is missing
40091 C app | Secret 不合法（可能属于其他企业） | illegal secret, perhaps of another corp
40203 B - | 使用了已废弃的参数 | a deprecated parameter was used
40206 B - | 请求体过大 | the request body is too large
41001 B - | 缺少 access_token | access token missing
41002 B - | 缺少企业 ID | corp id missing
41004 B - | 缺少 Secret | secret missing
41011 B - | 缺少 AgentID | agent id missing
42001 T - | access_token 已过期 | access token expired
42009 T - | 第三方应用的 suite_access_token 已过期 | suite token expired
45009 W - | 接口调用超过频率限制 | too many calls: the rate limit is reached
45029 B - | 返回内容过大，请拆分查询 | the answer would be too large; split the query
45031 C app | Secret 有泄露风险，须重置 | the secret is considered unsafe and must be reset
45033 R - | 同一接口并发调用过多 | too many calls of one API at once
48001 C app | 企业未获该接口的授权 | this API is not authorised for the corp
48002 C callable | 应用无权调用该接口（客户联系：未列入可调用接口的应用） | this app may not call this API; for customers, it is not on the callable list
48003 C app | suite_id 不合法 | illegal suite id
48004 C app | 授权关系无效 | the authorisation is not valid
48005 C - | 接口已下线 | this API has been withdrawn
48006 C app | 企业长期未使用，接口权限已被回收 | the permission was withdrawn after long disuse
48007 C kf | 客服账号未授权给该应用 | the customer-service account is not granted to this app
48008 C sync | 通讯录编辑授权只允许部分接口 | the contacts authorisation allows only some calls
48009 C sync | 通讯录同步助手的新增 IP 不能读取成员详情 | contacts sync from a new IP address may not read member details
50002 C range | 成员不在权限范围内 | the member is outside the permitted range
50003 C app | 应用已停用 | the app is disabled
50006 C app | 系统应用已停用 | the system app is disabled
50100 B - | 分页游标无效 | the paging cursor is not valid
60011 C range | 成员、部门或标签不在应用可见范围内 | the member, department or tag is outside the app's visible range
60020 C ip | 访问 IP 不在企业可信 IP 名单中 | this server's IP address is not on the trusted list
60021 C range | 成员不在应用可见范围内 | the member is outside the app's visible range
60030 C range | 超出应用可见范围 | beyond the app's visible range
60031 C app | 应用被禁止调用接口 | this app is forbidden to call APIs
81012 B - | 请求缺少可见范围 | the request lacks a visible range
81017 B - | 请求涉及的对象过多 | the request covers too many objects
81026 R - | 功能维护中 | this function is under maintenance
301002 C app | 应用无权操作该 AgentID | this token has no right on the agent id
301007 C corp | 企业已解散或被封禁 | the corp is dissolved or banned
301021 B - | 含不存在的成员 | at least one member does not exist
301039 B - | 请求参数错误 | bad request parameter
701008 C corp | 没有持有效互通许可的成员 | no member holds a valid interoperability licence
"""

MEMBERS = """
40003 B - | 成员账号不合法、不存在或已离职 | member id malformed, unknown, or gone
40029 S - | 授权码无效、已使用或已过期 | sign-in code invalid, used or expired
40031 B - | 成员列表含非法账号 | the member list holds illegal ids
40032 B - | 成员列表长度不合法 | the member list has an illegal length
40066 B - | 部门列表为空或含未知部门 | the department list is empty or holds unknown ids
40070 B - | 给定标签范围全部无效 | no node of the tag range is valid
40073 B - | openid 不存在 | unknown openid
40093 C domain | JS-SDK 签名错误 | the JS-SDK signature is wrong
40094 B - | URL 不合法（缺少协议） | the URL has no scheme
40207 C domain | 二次验证码无效 | the second-factor code is invalid
40208 C range | 成员不在二次验证范围 | the member is outside the second-factor range
40209 C domain | 二次验证域名不一致 | the second-factor domain does not match
40210 C domain | 未配置二次验证地址 | no second-factor address is configured
41008 B - | 缺少授权码 | sign-in code missing
41009 B - | 缺少成员账号 | member id missing
41019 B - | 缺少部门 | department missing
42003 S - | 授权码已过期 | sign-in code expired
42012 C domain | jsapi_ticket 不可用 | the jsapi ticket cannot be used
42022 S - | 授权码已使用 | sign-in code already used
43004 S - | 成员未绑定微信 | the member has no WeChat bound
46004 S - | 用户不存在 | the user does not exist
50001 C domain | 回调域名不在应用可信域名内 | the redirect domain is not trusted for this app
60001 B - | 部门名称长度不合法 | department name of illegal length
60003 B - | 部门不存在 | unknown department
60004 B - | 父部门不存在 | unknown parent department
60005 B - | 部门下还有成员 | the department still has members
60006 B - | 部门下还有子部门 | the department still has sub-departments
60007 B - | 不允许操作根部门 | the root department cannot be changed so
60008 B - | 部门已存在 | the department exists already
60009 B - | 部门名称含非法字符 | illegal characters in the department name
60010 B - | 部门层级成环 | the departments would form a cycle
60102 B - | 成员账号已被使用 | the member id is taken
60103 B - | 手机号格式不正确 | malformed mobile number
60104 B - | 手机号已被使用 | the mobile number is taken
60105 B - | 邮箱格式不正确 | malformed e-mail address
60106 B - | 邮箱已被使用 | the e-mail address is taken
60110 B - | 成员所属部门过多 | the member is in too many departments
60111 S - | 成员不存在、已离职或不可见 | the member does not exist, has left, or is not visible
60112 B - | 成员姓名不合法 | illegal member name
60123 B - | 部门不存在 | unknown department
60124 B - | 父部门不存在 | unknown parent department
60129 B - | 手机号和邮箱不能都为空 | neither mobile number nor e-mail
60136 S - | 记录不存在 | record not found
60230 B - | 缺少分享凭证 | share ticket missing
60231 B - | 分享凭证无效 | share ticket invalid
60232 B - | 分享凭证属于其他应用 | share ticket of another app
60233 B - | 分享凭证跨域 | share ticket of another domain
60234 B - | 分享凭证无效 | share ticket invalid
60242 B - | 分享凭证无效 | share ticket invalid
60244 B - | 分享凭证无效 | share ticket invalid
60257 B - | 直属上级过多 | too many direct leaders
80001 C domain | 可信域名不正确或未备案 | the trusted domain is wrong or not registered
81001 B - | 部门节点超过三万 | more than 30,000 nodes in the department
81002 B - | 部门层级超过十五级 | more than 15 department levels
81003 B - | 成员标签节点超过三万 | more than 30,000 nodes in the member tag
81014 B - | 一次标签操作的对象过多 | too many members or departments in one tag call
84014 S - | user_ticket 已过期 | user ticket expired
84015 S - | user_ticket 无效 | user ticket invalid
84025 B - | state 不合法 | illegal state
84090 S - | 缺少 user_ticket | user ticket missing
85004 C domain | 本月可信域名修改次数已用完 | the trusted domain was changed too often this month
85005 C domain | 域名所有权未校验 | the domain's ownership is not verified
91040 B - | ticket 类型不正确 | wrong ticket type
92000 C range | 成员不在应用可见范围内 | the member is outside the app's visible range
92001 C app | 应用没有敏感信息权限 | the app may not read sensitive information
92002 C corp | 跨企业调用 | the call crosses corps
92003 C app | 跨应用调用 | the call crosses apps
-31020 C login | 登录回调域名未配置 | the sign-in redirect domain is not configured
-31027 C login | 登录的企业 ID 不正确 | wrong app id for sign-in
-31028 C login | 登录的 AgentID 不正确 | wrong agent id for sign-in
-31033 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
-31034 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
-31035 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
-31037 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
-31039 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
-31040 C login | 登录参数或权限有误 | wrong sign-in parameter or permission
"""

CUSTOMERS = """
40096 S - | 客户 ID 无效，或跟进人都不在可见范围内 | unknown customer id, or no follower is visible to this app
40097 B - | 原跟进成员尚未离职 | the handing-over member has not resigned
40098 C members | 成员未实名认证 | the member is not real-name verified
40099 S - | 成员客户数已达上限 | the member's customer limit is reached
40100 S - | 客户正在被转接 | the customer is already being transferred
40128 S - | 客户转接过于频繁（九十天内至多两次） | the customer was transferred too often: twice in 90 days at most
40129 S - | 客户正在转接中 | the customer is being transferred right now
40130 B - | 接替成员与原跟进成员相同 | the taker is the current follower
40131 S - | 原成员不是该客户的跟进人 | the handing-over member does not follow this customer
40132 S - | 不支持团队号 | not supported for team accounts
40143 S - | 成员被封禁，不能转接 | the member is banned and cannot take part in a transfer
40165 C corp | 群 ID 升级状态错误 | wrong state of the group-id upgrade
40166 C corp | 群 ID 升级状态错误 | wrong state of the group-id upgrade
40167 C corp | 群 ID 升级状态错误 | wrong state of the group-id upgrade
40201 B - | 内容被反垃圾策略拦截 | the content was stopped by the anti-spam check
40204 B - | 内容被微信反垃圾策略拦截 | the content was stopped by WeChat's anti-spam check
40205 S - | 成员一年内未登录，授权已失效 | the member has not signed in within a year
41035 B - | 缺少客户 ID | customer id missing
41036 B corp | 企业简称未认证 | the corp's short name is not certified
41037 B - | 缺少联系我类型 | contact way without a type
41038 B - | 缺少联系我场景 | contact way without a scene
41039 B - | 联系我类型不合法 | illegal contact way type
41040 B - | 联系我场景不合法 | illegal contact way scene
41041 B - | 联系我的成员超过一百人 | more than 100 members in one contact way
41042 B - | 联系我样式不合法 | illegal contact way style
41043 S - | 缺少联系我 ID | contact way id missing
41044 S - | 联系我 ID 无效或已删除 | unknown or deleted contact way
41045 C callable | 联系我数量已达上限 | the quota of contact ways is used up
41046 B - | 缺少群发消息 ID | mass message id missing
41047 B - | 群发消息 ID 无效 | unknown mass message id
41048 S - | 没有可触达的客户 | no customer can be reached
41049 S - | 缺少欢迎语凭证 | welcome code missing
41050 S - | 欢迎语凭证无效或已过 20 秒 | welcome code unknown or older than 20 seconds
41051 I - | 已开始聊天或欢迎语已发出 | the chat has begun or a welcome was already delivered
41052 B - | 发送时间不合法 | illegal sending time
41053 S - | 客户未同意会话存档 | the customer has not agreed to chat archiving
41054 C members | 成员未激活或未实名认证 | the member is not activated or not real-name verified
41055 S - | 入群欢迎语素材已达一百条 | the group welcome library is full
41056 S - | 客户类型不适用于该接口 | wrong kind of customer for this call
41057 C developer | 未绑定微信开发者账号 | no WeChat developer account is bound
41058 C app | 入群欢迎语由其他应用创建 | this group welcome belongs to another app
41063 R - | 群发任务正在下发 | the mass task is still being dispatched
41064 B - | 附件过多 | too many attachments
41065 B - | 附件类型不合法 | illegal attachment type
41066 B - | 视频号名称不正确 | wrong Channels account name
41072 B - | 附件上传的场景不符 | the attachment was uploaded for another use
41080 B - | 附件大小超限 | attachment of illegal size
41081 B - | 图片分辨率超限 | picture of illegal resolution
41082 B - | 视频时长超限 | video of illegal length
41088 B - | 附件列表为空 | the attachment list is empty
41090 B - | 视频不是有效的 MP4 | not a valid MP4 video
41091 B - | 加群方式关联超过五个群 | a join way with more than five groups
41093 S - | 群发任务已取消 | the mass task was cancelled
41094 W - | 提醒次数已达上限（24 小时 3 次） | reminder limit reached: three in 24 hours
41095 C links | 获客链接数量超限 | too many acquisition links
41096 R - | 欢迎语正由其他应用发送 | another app is sending the welcome at this moment
41098 C links | 获客链接组件已授权给其他组件 | the link's component is authorised to another one
41099 C links | 需要服务商代付模式 | provider payment is required
49008 S - | 群已解散 | the group is dismissed
84061 S - | 成员与客户没有外部联系人关系 | member and customer have no contact relation
84071 S - | 外部联系人授权码无效或已使用 | the contact authorisation code is invalid or used
84074 C contact | 没有外部联系人权限 | no permission for external contacts
84083 C contact | 不是服务人员 | not a service member
84084 S - | 成员不是跟进人：双方不是好友或成员不可见 | not a follower: no friends, or the member is not visible
86001 S - | 群 ID 不合法 | illegal group id
86003 S - | 群不存在 | unknown group
90500 B - | 群主尚未离职 | the group owner has not resigned
90501 S - | 不是客户群 | not a customer group
90502 B - | 群主已离职 | the group owner has resigned
90503 S - | 群已满且微信成员过多，须在客户端确认 | the group is full; confirmation in the client is needed
90504 I - | 新群主与原群主相同 | the new owner is the old one
90507 S - | 群正在继承中 | the group is being inherited
90508 S - | 群已继承 | the group is inherited
90509 S - | 不是企业微信客户群 | not a WeCom customer group
90510 C corp | 企业一年内没有活跃用户 | the corp has had no active users for a year
90511 S - | opengid 无效 | unknown opengid
"""

TAGS = """
40068 S - | 标签或标签组不存在 | unknown tag or tag group
40071 S - | 标签名已存在 | a tag of this name exists
40072 B - | 标签名为空或过长（至多 30 字） | the tag name is empty or longer than 30 characters
40088 S - | 任务 ID 不存在 | unknown job
40089 S - | 任务结果已清理 | the job's result has been cleared away
40126 C tags | 企业标签数量已达上限 | the quota of corp tags is used up
41059 B - | 缺少朋友圈 ID | Moments id missing
41060 B - | 朋友圈 ID 无效 | unknown Moments id
41061 S - | 朋友圈不是该成员发表的 | not published by this member
41062 S - | 该成员尚未发表企业朋友圈 | not yet published by this member
41067 B - | 朋友圈类型不适用于该接口 | wrong Moments type for this call
41068 B - | 敏感词过多 | too many words in the intercept rule
41069 B callable | 敏感词规则过多 | too many intercept rules
41070 S - | 敏感词规则不存在 | unknown intercept rule
41071 S - | 敏感词规则已删除 | the intercept rule is deleted
41073 B - | 商品描述不合法 | illegal product description
41074 S - | 商品已删除 | the product is deleted
41075 S - | 商品不存在 | unknown product
41076 B - | 敏感词规则范围过大 | the intercept rule covers too many members
41077 B - | 敏感词规则名称重复 | the intercept rule's name is taken
41078 W - | 进行中的朋友圈任务过多 | too many Moments jobs are running
41079 R - | 朋友圈正在下发 | the Moments task is still being dispatched
41083 B - | 敏感词不合法 | illegal keyword
41084 B - | 语义规则不合法 | illegal semantic rule
41085 B - | 商品编码不合法 | illegal product code
41086 B - | 商品价格不合法 | illegal product price
41087 B - | 商品描述不合法 | illegal product description
41089 B - | 朋友圈文本与附件不能都为空 | Moments without text and attachments
81011 C tags | 无权操作该标签（由其他应用或后台创建） | no right on this tag: another app or the console created it
"""

MESSAGES = """
40004 B - | 媒体文件类型不合法 | illegal media file type
40005 B - | 媒体类型参数不合法 | illegal media type parameter
40006 B - | 文件大小不合法 | illegal file size
40007 B - | 素材 media_id 无效或已过三天 | the media id is unknown or older than three days
40008 B - | 消息类型不合法 | illegal message type
40009 B - | 图片大小不合法 | illegal picture size
40011 B - | 视频大小不合法 | illegal video size
40039 B - | URL 过长 | the URL is too long
40050 S - | 应用群聊不存在 | unknown app chat
40074 B - | 图文消息不支持保密 | news messages cannot be confidential
40123 B - | 图片已损坏或大小不符 | the picture is broken or not of its declared size
41006 B - | 缺少 media_id | media id missing
41010 B - | 缺少 URL | URL missing
41016 B - | 缺少标题 | title missing
41033 B - | 缺少描述 | description missing
42014 B - | 任务卡片 task_id 不合法 | illegal task id of a task card
42015 B - | 任务卡片不属于该应用 | task card of another app
42016 B - | 任务卡片不存在 | unknown task card
42017 B - | 任务卡片按钮缺少 key | task card button without a key
42018 B - | 任务卡片按钮 key 不合法 | illegal key of a task card button
42019 B - | 任务卡片按钮不合法 | illegal task card button
42020 B - | 任务卡片按钮缺少名称 | task card button without a name
42027 B - | 模板卡片 keyname 不合法 | illegal keyname of a template card
42028 B - | 模板卡片 url 不合法 | illegal url of a template card
42029 B - | 模板卡片 media_id 不合法 | illegal media id of a template card
42030 B - | 模板卡片 appid 不合法 | illegal app id of a template card
42031 B - | 模板卡片类型不合法 | illegal template card type
42032 B - | 模板卡片字段不合法 | illegal template card field
42033 B - | 模板卡片标题不合法 | illegal template card title
42034 B - | 模板卡片字段不合法 | illegal template card field
42035 B - | 模板卡片横向列表过长 | horizontal list of a template card too long
42036 B - | 模板卡片纵向列表过长 | vertical list of a template card too long
42037 B - | 模板卡片选项过多 | too many options of a template card
42038 B - | 模板卡片按钮文案不合法 | illegal button text of a template card
42039 B - | 模板卡片按钮 key 不合法 | illegal button key of a template card
42040 B - | 模板卡片选项 ID 不合法 | illegal option id of a template card
42041 B - | 模板卡片选项文案不合法 | illegal option text of a template card
42042 B - | 模板卡片跳转列表过长 | jump list of a template card too long
42043 B - | 模板卡片问题 key 不合法 | illegal question key of a template card
42044 B - | 模板卡片图片地址不合法 | illegal picture address of a template card
42045 B - | 模板卡片 card_action 不合法 | illegal card action of a template card
42046 B - | 模板卡片提交按钮 key 不合法 | illegal submit key of a template card
42047 B - | 模板卡片选择列表过长 | select list of a template card too long
42048 B - | 模板卡片字段不合法 | illegal template card field
42049 B - | 模板卡片提交文案不合法 | illegal submit text of a template card
42050 B - | 模板卡片成员账号不合法 | illegal member id of a template card
42051 B - | 模板卡片操作 key 重复 | duplicate action key of a template card
42052 S - | 消息已超过 24 小时，不能撤回 | the message is older than 24 hours
43012 C receive | 应用须配置接收消息的回调地址 | the app needs a callback address
44001 B - | 上传的文件为空 | the uploaded file is empty
44004 B - | 文本内容为空 | the text is empty
45001 B - | 媒体文件过大 | the media file is too large
45002 B - | 消息内容过长 | the message is too long
45007 B - | 语音超过 60 秒 | the voice message exceeds 60 seconds
45008 B - | 图文超过八条 | more than eight articles
45032 B - | 作者名过长 | the author's name is too long
45034 B - | URL 缺少协议 | the URL has no scheme
60140 S - | 卡片 response_code 无效或已过期 | the card's response code is invalid or expired
81013 S - | 接收人全部无效或不在可见范围 | no receiver is valid and visible
82001 B - | 接收人为空 | no receivers
82002 B - | 接收部门超过一百 | more than 100 departments
82003 B - | 接收标签超过一百 | more than 100 tags
82004 B - | 消息内容可能使客户端异常 | the content could make clients fail
82101 B - | 卡片更新对象为空 | the card update names nobody
82102 B - | 卡片更新对象不在接收人中 | the card update names somebody who did not receive it
84200 B - | 文件 ID 转译失败 | id translation of the file failed
86004 B - | 群聊名称不合法 | illegal app chat name
86005 B - | 群聊群主不合法 | illegal app chat owner
86006 B - | 群聊人数不合法 | illegal app chat member count
86007 B - | 群聊成员不合法 | illegal app chat member
86008 C app | 群聊由其他应用创建 | the app chat was created by another app
86101 C app | 仅群主可操作 | only the group owner may do this
86201 B - | 缺少群聊 ID | app chat id missing
86202 B - | 缺少群聊名称 | app chat name missing
86203 B - | 缺少群主 | app chat owner missing
86204 B - | 缺少群成员 | app chat members missing
86205 B - | 群聊 ID 过长 | app chat id too long
86206 B - | 群聊过大 | app chat too large
86207 B - | 群主不在成员列表中 | the owner is not in the member list
86214 B - | 发送类型不合法 | illegal send type
86215 B - | 群聊 ID 已存在 | the app chat id exists
86216 B - | 群聊成员不合法 | illegal app chat member
86217 B - | 发送人不在群内 | the sender is not in the chat
86220 B - | 群聊参数不合法 | illegal app chat parameter
86222 B - | 多人消息须包含下游成员 | a message to several needs a downstream member
86224 B - | 不是受限群 | not a restricted group
90200 B - | 小程序通知缺少 appid | mini-program notice without app id
90201 B - | 小程序通知内容超过十项 | more than ten items in a mini-program notice
90202 B - | 小程序通知 key 长度不合法 | mini-program notice: illegal key length
90203 B - | 小程序通知 value 长度不合法 | mini-program notice: illegal value length
90204 B - | 小程序页面路径不合法 | mini-program notice: illegal page
90205 B - | 小程序通知参数不合法 | mini-program notice: illegal parameter
90206 C mini | 小程序未关联到企业 | the mini program is not linked to the corp
90207 B - | 小程序 appid 不合法 | illegal mini-program app id
90208 B - | 小程序 appid 不匹配 | the mini-program app id does not match
93000 C - | 群机器人地址不正确或已移除 | wrong robot address, or the robot was removed
93004 C - | 群机器人已停用 | the robot is disabled
93006 C - | 群 ID 不合法 | illegal group id
93008 C - | 不在群内 | not in the group
301015 B - | 语音素材不合法 | illegal voice media
301016 B - | 语音文件格式不支持（仅 AMR） | voice files must be AMR
301017 B - | 语音文件不合法 | illegal voice file
301019 B - | 文件 MD5 不一致 | the file's MD5 does not match
830001 B - | 下载地址不支持 Range | the address does not support Range
830002 B - | 文件或分段超过 20 MB | file or range larger than 20 MB
830003 B - | 下载失败 | the download failed
"""

SERVICE_AND_ARCHIVE = """
10000 B - | 存档 SDK 参数错误 | archive SDK: bad parameters
10001 R - | 存档 SDK 网络错误 | archive SDK: network failure
10002 R - | 存档 SDK 解析失败 | archive SDK: unreadable answer
10003 R - | 存档 SDK 系统错误 | archive SDK: system failure
10005 B - | 存档 SDK fileid 错误 | archive SDK: bad file id
10006 B - | 存档 SDK 解密失败 | archive SDK: decryption failed
10008 C archive | 存档 SDK 密钥解析失败 | archive SDK: the key cannot be parsed
10009 C archive | 存档 SDK 的 IP 不合法 | archive SDK: IP address not allowed
10010 B - | 存档数据已过期 | archive SDK: the data has expired
10011 C archive | 存档 SDK 证书错误 | archive SDK: TLS failure
60251 B - | 缺少客服账号 | customer-service account missing
60252 B - | 客服账号不合法 | illegal customer-service account
60253 B - | 接待人员不在名单中 | the servicer is not on the list
95000 B - | 客服账号不合法 | illegal customer-service account
95001 S - | 对一条客户消息最多回复五条 | more than five replies to one message
95002 S - | 距客户上条消息已超过 48 小时 | more than 48 hours since the customer's last message
95003 C corp | 企业未认证，接待人数受限 | unverified corp: reception is limited
95004 B - | 客服账号不存在 | unknown customer-service account
95005 C kf | 客服账号过多 | too many customer-service accounts
95006 B - | 客服账号名称不合法 | illegal customer-service account name
95007 S - | 拉取凭证或消息码无效或已过期 | the sync token or message code is invalid or expired
95008 B - | 菜单项超过十个 | more than ten menu items
95009 B - | 菜单类型不合法 | illegal menu type
95011 C kf | 微信客服正在企业微信内使用 | customer service is used in WeCom mode
95012 C kf | 微信客服正在独立使用 | customer service is used in stand-alone mode
95013 S - | 会话已结束 | the session has ended
95014 C members | 不是接待人员或未激活 | not a servicer, or not activated
95015 S - | 后台已配置专员服务 | dedicated service is configured in the console
95016 S - | 不允许的会话状态变更 | this change of session state is not allowed
95017 C kf | 微信客服的 API 开关已关闭 | the API switch of customer service is off
95018 S - | 当前会话状态不能发送 | sending is not allowed in this session state
95019 S - | 接待人员已停止接待 | the servicer has stopped
95022 B - | 位置类型不合法 | illegal location type
95023 C kf | 微信客服已授权给服务商应用 | customer service is granted to a provider app
95026 C kf | 使用量低，不能创建客服账号 | account creation refused: low usage
95027 C corp | 企业未认证，最多十个客服账号 | unverified corp: ten accounts at most
95030 B - | 消息类型被组件停用 | the message type is disabled
95031 S - | 客户 48 小时内未发消息 | the customer has not written within 48 hours
95032 C kf | 组件查看聊天记录的权限已过期 | the right to read chat records has expired
301042 C archive | 会话存档：IP 不在白名单 | archive: IP address not on the list
301048 S - | 会话存档：文件 ID 未知或已过期 | archive: file id unknown or expired
301052 C archive | 会话存档服务已过期 | the archive service has expired
301053 C archive | 未开通会话存档 | the archive service is not opened
301058 R - | 会话存档：返回过大，请减小条数 | archive: the answer is too large, ask for less
301059 S - | 会话存档：不是内部群 | archive: not an internal group
301060 B - | 会话存档：超过一百对 | archive: more than 100 pairs
301061 S - | 会话存档：成员不存在 | archive: the user does not exist
"""

CALLBACK_LIBRARY = """
-40001 C receive | 回调签名错误：Token 与后台不一致 | callback signature wrong: the Token differs from the console's
-40002 B - | 回调内容不是有效的 XML 或 JSON | the callback is neither XML nor JSON
-40003 B - | SHA 计算失败 | SHA failed
-40004 C receive | EncodingAESKey 不合法（应为 43 位字母数字） | illegal EncodingAESKey: 43 letters and digits are expected
-40005 C receive | 回调不属于本企业：企业 ID 不一致 | the callback is another corp's: the corp id differs
-40006 B - | 加密失败 | encryption failed
-40007 C receive | 解密失败：EncodingAESKey 可能不一致 | decryption failed: the EncodingAESKey probably differs
-40008 C receive | 解密结果不合法：EncodingAESKey 可能不一致 | what was decrypted makes no sense: the EncodingAESKey probably differs
-40009 B - | Base64 编码失败 | Base64 encoding failed
-40010 B - | Base64 解码失败 | Base64 decoding failed
-40011 B - | 生成回复失败 | the reply could not be built
"""


def _read_table(table: str) -> dict[int, Meaning]:
    meanings = {}
    for line in table.strip().splitlines():
        head, zh, en = (part.strip() for part in line.split("|"))
        code, reaction, page = head.split()
        meanings[int(code)] = Meaning(int(code), Reaction(reaction), Text(zh, en), None if page == "-" else PAGES[page])
    return meanings


MEANINGS: dict[int, Meaning] = {}
for _table in (GENERAL, MEMBERS, CUSTOMERS, TAGS, MESSAGES, SERVICE_AND_ARCHIVE, CALLBACK_LIBRARY):
    MEANINGS |= _read_table(_table)

UNKNOWN = Text("企业微信返回了未收录的错误码", "WeCom answered with a code we do not know")


def meaning_of(code: int) -> Meaning:
    """What a code means. An unknown code is never retried: sending twice may do harm, a person must look."""
    return MEANINGS.get(code) or Meaning(code, Reaction.BAD_REQUEST, UNKNOWN, page=None)
