// Two languages. A key is its Chinese text; what has no English yet shows as it is.
const ENGLISH = {
  '鱼塘之外': 'Outside the pond',
  '客户的微信': "A customer's WeChat",
  '员工的企业微信': "A member's WeCom",
  '你已添加了{name}，现在可以开始聊天了。': 'You have added {name}. You can chat now.', '消息已发出，但被对方拒收了。': 'Sent, but refused by the other side.',
  '@微信': '@WeChat',
  '客户': 'Customers', '微信': 'Chats', '消息': 'Messages', '通讯录': 'Contacts', '我': 'Me',
  '扫一扫': 'Scan', '返回': 'Back', '发送': 'Send', '发消息': 'Message', '关闭': 'Close', '保存': 'Save', '取消': 'Cancel',
  '删除联系人': 'Delete contact', '删除客户': 'Delete customer', '编辑': 'Edit', '接受': 'Accept', '拒绝': 'Decline',
  '还没有人。用控制接口或产品的演示数据放几个人进来。': 'Nobody here yet. Seed some people through the control API or the product’s demo data.',
  '还没有聊天。扫一个码，加上第一位好友。': 'No chats yet. Scan a code to make a first friend.',
  '还没有客户。等有人扫码，或到「我」里出示自己的码。': 'No customers yet. Wait for a scan, or show your own code under “Me”.',
  '对准一个码': 'Point at a code', '粘贴网址或码里的文字': 'Paste a web address or a code’s text',
  '打开': 'Open', '识别图中二维码': 'Scan the QR code in the page', '从图片识别': 'From a picture',
  '还没有码。在产品里建一个活码，它就会出现在这里。': 'No codes yet. Create a live code in the product and it appears here.',
  '添加到通讯录': 'Add to contacts', '通过扫一扫添加': 'Adding by scan', '将由其中一位员工为你服务': 'One of the members will serve you',
  '已经是好友': 'Already friends', '已发送好友申请，等待对方通过': 'Request sent. Waiting to be accepted', '这个码现在加不上人': 'Nobody can be added right now',
  '等待通过': 'waiting', '等待对方通过验证': 'Waiting to be accepted',
  '你已被对方删除': 'The customer has deleted you',
  '新': 'new', '新的客户': 'New requests', '应用消息': 'App messages', '还没有应用消息': 'No app messages yet',
  '备注': 'Remark', '描述': 'Description', '电话': 'Phones', '公司': 'Company', '企业标签': 'Corp tags', '个人标签': 'Own tags', '标签': 'Tags',
  '来源': 'Source', '渠道': 'State', '添加时间': 'Added', '性别': 'Gender', '男': 'male', '女': 'female', '未知': 'unknown', '昵称': 'Nickname',
  '用空格分开': 'separated by blanks', '已保存': 'Saved', '客户资料': 'Customer profile', '成员资料': 'Member profile',
  '我的二维码': 'My QR code', '职务': 'Position', '部门': 'Department', '企业': 'Corp', '手机号': 'Phone',
  '管理后台': 'Admin console', '时间': 'Time', '快进 1 小时': '+1 h', '快进 1 天': '+1 day', '回到现在': 'Back to now',
  '扫描二维码': 'scanned a QR code', '搜索手机号': 'searched the phone number', '获客链接': 'acquisition link', '员工分配': 'assigned', '其他': 'other',
  '[图片]': '[picture]', '[链接]': '[link]', '[小程序]': '[mini program]', '[文件]': '[file]', '[视频]': '[video]', '[卡片]': '[card]',
  '小程序': 'Mini program', '详情': 'Details', '说点什么…': 'Say something…', '加入了群聊': 'Joined the group',
  '昨天': 'yesterday', '收到的新客户请求': 'waiting to be accepted', '没有找到二维码': 'No QR code found',
  '没有标签': 'No tags', '客户已将你删除': 'deleted you', '印着的网址': 'Printed web addresses',
  '发送图片': 'Send a picture', '共 {n} 位': '{n} in all', '联系我的码': 'Contact codes', '这段文字不是码': 'This text is not a code',
}

let language = localStorage.getItem('outside.language') ?? 'zh'

export const t = (text) => (language === 'en' ? ENGLISH[text] ?? text : text)
export const currentLanguage = () => language

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('outside.language', language)
  document.documentElement.lang = language
}

document.documentElement.lang = language
