### What is said of what was pasted or dropped.

## Pasting a connection string

# Label of the place to paste into.
paste-label = 粘贴连接字符串
# What can be pasted.
paste-hint = 或拖入文件：ADO.NET、ODBC、JDBC、URL、libpq、Oracle 或链接服务的 JSON。其内容将填入下面的字段。
# Something was typed there.
paste-only-pasted = 此处不能键入：请按 Ctrl+V 或 ⌘V 粘贴。
# The module did not come.
paste-unavailable = 读取所需的程序未能加载。请重新粘贴。
# A dropped file is not UTF-8.
paste-not-text = 此文件不是文本 (UTF-8)。
# Before the names of fields that were filled.
paste-filled = 已填写
# Before the names of secrets that were filled.
paste-sealed = 将密封
# Before the keywords without a field.
paste-ignored = 未使用
# Before the form of the text.
paste-recognised = 已识别

## Names of forms

form-ado-net = ADO.NET 连接字符串
form-azure-storage = Azure Storage 连接字符串
form-odbc = ODBC 连接字符串
form-libpq = libpq 连接字符串
form-uri = URL
form-jdbc = JDBC URL
form-easy-connect = Oracle Easy Connect 连接字符串
form-descriptor = Oracle 连接描述符
form-linked-service = JSON（链接服务）

## Why a text was not recognised

unrecognised = 这不是此处可以读取的连接字符串。
malformed = 无法读取此 { $form }，问题出在位置 { $position }：{ $why }。
other-kind = 此内容用于 { $found }；而此链接服务是 { $wanted }。
no-such-kind = 此内容所用的数据存储类型在此处不提供。
nothing-fits = 此文本中没有任何内容对应 { $kind } 的字段。

## What is wrong with the part: the end of “malformed”

flaw-no-equals-sign = 缺少等号
flaw-no-keyword = 缺少关键字
flaw-open-brace = 大括号未闭合
flaw-open-quote = 引号未闭合
flaw-after-quote = 右引号后还有其他内容
flaw-control-character = 引号外有控制字符
flaw-after-document = 文档后还有其他内容
flaw-too-deep = 嵌套层数过多
flaw-no-colon = 缺少冒号
flaw-no-value = 缺少值
flaw-no-comma = 缺少逗号
flaw-no-string = 缺少字符串
flaw-not-an-escape = 不是有效的转义
flaw-control-character-in-string = 字符串中有控制字符
flaw-not-a-word = 关键字不是一个单词
flaw-neither-tcp-nor-tcps = 既不是 tcp 也不是 tcps
flaw-not-a-host = 不是主机名或地址
flaw-tns-name = 这是 tnsnames.ora 中的名称，请粘贴该名称所代表的内容
flaw-nothing-to-close = 没有与之对应的左括号
flaw-not-in-brackets = 未用括号括起来
flaw-open-bracket = 括号未闭合
flaw-percent-sign = 表示百分号本身时应写作 %25
flaw-not-utf8 = 百分号编码的内容不是 UTF-8
flaw-inner-string = 无法读取其中的连接字符串
flaw-not-a-port-or-password = 端口不是数字；密码中的 / ? # @ 应写作 %2F %3F %23 %40
flaw-not-a-port = 端口不是数字
flaw-not-encoded = 此处的 / ? # @ 应写作 %2F %3F %23 %40
flaw-no-slashes = 未以两个斜杠开头

## What the fields do not say as the text does

warning-tls = 此文本中的某项 TLS 设置没有对应的字段。请检查连接是否按你的要求受到保护。
warning-stricter-tls = 此文本要求对服务器进行比此表单所支持的更严格的检查。TLS 已启用。
warning-several-hosts = 多个主机中只使用第一个。
warning-seed-list = mongodb+srv 地址需要通过 DNS 查找。请提供一台服务器的名称及其端口。
warning-tns-name = 数据源是 tnsnames.ora 文件中的名称。请提供主机、端口和服务名称。
warning-empty-secret = 此文本中有一个机密没有值。
warning-mask = 此文本中有一个机密被星号遮盖。请输入该机密。
warning-placeholder = 此文本中有一个机密只是占位符。请输入该机密。
warning-encrypted-credential = 此文本包含已加密的凭据，无法再次使用。请输入机密。
warning-windows-authentication = 此文本要求使用 Windows 身份验证，但此类型不支持。
warning-secret-in-url = 地址的查询部分似乎包含机密，在那里它是可读的。
