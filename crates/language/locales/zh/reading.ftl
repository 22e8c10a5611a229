### What is said of what was pasted or dropped. Served to whoever pastes something, with the module that reads it.

## Pasting a connection string

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

## Key files

# Beside the passphrase, at Save.
key-needed = 打开密钥文件需要通行短语。
# $algorithm is “RSA 3072, ” or nothing, $format “PKCS#8, SHA256:…; AES-256-CBC, …”.
key-open = { $algorithm }{ $format }；未加密，因此不需要通行短语。
key-open-certificate = { $algorithm }{ $format }；{ $subject }，有效期至 { $day }，指纹 { $thumbprint }；未加密，因此不需要通行短语。
key-sealed = { $algorithm }{ $format }；已加密，需要其通行短语。
key-opened = { $algorithm }{ $format }；已加密，此通行短语可以打开它。
key-opened-certificate = { $algorithm }{ $format }；{ $subject }，有效期至 { $day }，指纹 { $thumbprint }；已加密，此通行短语可以打开它。
key-wrong-passphrase = 此通行短语无法打开密钥文件。
key-untried-unsupported = 无法验证通行短语：此处无法打开 { $name }。若要不经验证直接存储，请再次选择“保存”。
key-untried-work = 无法验证通行短语：此文件要求的计算量过大。若要不经验证直接存储，请再次选择“保存”。
key-damaged-inside = 通行短语正确，但无法读取用它打开的内容。
key-no-key = 此 PKCS#12 文件中只有证书，没有私钥。
key-security-key = 这是安全密钥的句柄：私钥本身保留在设备中。
# The end of the messages below: $wanted.
key-wanted-private-key = 此处需要私钥。
key-wanted-certificate = 此处需要 PKCS#12 文件（PFX、P12）。
key-is-pfx = 这是 PKCS#12 文件。{ $wanted }
key-is-private-key = 这是私钥（{ $container }）。{ $wanted }
key-is-empty = 内容为空。{ $wanted }
key-is-too-long = { $bytes } 字节超出了密钥文件的大小。{ $wanted }
key-is-text = 此文本不是密钥。{ $wanted }
key-is-binary = 此二进制数据不是密钥。{ $wanted }
key-is-public-key = 这是公钥。{ $wanted }
key-is-open-ssh-public-key = 这是 OpenSSH 公钥。{ $wanted }
key-is-ssh2-public-key = 这是 SSH2 格式的公钥，即 PuTTYgen 保存公钥的格式。{ $wanted }
key-is-ssh2-private-key = 这是 SSH.COM 格式的私钥。{ $wanted }
key-is-open-ssh-certificate = 这是 OpenSSH 证书。{ $wanted }
key-is-known-hosts = 这是 known_hosts 中的一行。{ $wanted }
key-is-fingerprint = 这是指纹。{ $wanted }
key-is-old-ppk = 这是版本 1 的 PuTTY 密钥。{ $wanted }
key-is-ssh1-private-key = 这是 SSH 版本 1 的私钥。{ $wanted }
key-is-certificate = 这是证书。{ $wanted }
key-is-certificate-request = 这是证书请求。{ $wanted }
key-is-revocation-list = 这是证书吊销列表。{ $wanted }
key-is-pkcs7 = 这是包含证书的 PKCS#7 文件。{ $wanted }
key-is-parameters = 这是密钥参数文件。{ $wanted }
key-is-pgp = 这是 PGP 文件。{ $wanted }
key-is-java-keystore = 这是 Java 密钥库。{ $wanted }
key-is-jwk = 这是 JSON 格式的密钥。{ $wanted }
key-is-xml-key = 这是 XML 格式的密钥。{ $wanted }
key-is-path = 这是文件名。{ $wanted }
key-is-other-pem = 这是其他类型的 PEM 文件。{ $wanted }
key-is-other-der = 这是其他类型的 DER 文件。{ $wanted }
key-damaged = 无法读取此 { $container } 文件：{ $flaw }。{ $wanted }
key-damaged-base64 = 无法读取此 { $container } 文件：其 base64 的第 { $position } 个字符不应出现在该处。{ $wanted }
key-damaged-field = 无法读取此 { $container } 文件：字段 { $field } 缺失或有误。{ $wanted }
# The end of “key-damaged”: $flaw.
key-flaw-no-beginning = 缺少第一行
key-flaw-no-end = 缺少结尾
key-flaw-several-keys = 包含多个私钥
key-flaw-structure = 内容不符合此类文件的结构
key-flaw-checksum = 校验和不匹配
