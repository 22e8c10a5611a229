### What the kinds of data store ask for, and what can be wrong with it.

## Authentication types

auth-access-key = 访问密钥
auth-sql-authentication = SQL 身份验证
auth-account-key = 帐户密钥
auth-sas = 共享访问签名 (SAS)
auth-service-principal = 服务主体
auth-digest = 用户名和密码（摘要）
auth-client-certificate = 客户端证书
auth-user-name-and-password = 用户名和密码
auth-with-security-token = 用户名、密码和安全令牌
auth-private-key = 私钥 (SSH)
auth-windows-authentication = Windows 身份验证
auth-anonymous = 无（匿名）
auth-sql-server-authentication = SQL Server 身份验证

## Labels of fields, and choices

label-host = 主机
label-server = 服务器
label-port = 端口
label-database = 数据库
label-check-certificate = 检查服务器证书
label-access-key-id = 访问密钥 ID
label-secret-access-key = 秘密访问密钥
label-connection-timeout = 连接超时（秒）
label-account-name = 帐户名称
label-protocol = 协议
label-http-not-encrypted = HTTP，未加密
label-account-key = 帐户密钥
label-hosts = 主机
label-store = 存储
label-tenant = 租户
label-application-id = 应用程序 ID
label-application-key = 应用程序密钥
label-subscription-id = 订阅 ID
label-resource-group = 资源组
label-share = 共享
label-encrypt = 加密连接 (TLS)
label-certificate-thumbprint = 证书指纹
label-certificate-file = 证书文件
label-base-url = 基 URL
label-authentication-database = 身份验证数据库
label-connection-string = 连接字符串
label-credential = 凭据
label-service-name = 服务名称
label-user-name = 用户名
label-password = 密码
label-driver = 驱动程序
label-schema = 架构
label-environment = 环境
label-security-token = 安全令牌
label-system-number = 系统编号
label-client = 客户端
label-private-key = 私钥
label-passphrase = 通行短语
label-host-key-fingerprint = 主机密钥指纹
label-skip-host-key-validation = 跳过主机密钥验证
label-trust-any-server-certificate = 信任任何服务器证书

## Hints: an example or an explanation, never a default

hint-db2-server = db01.corp.example；若不使用常用端口，则为 db01.corp.example:5001
hint-database = 例如 sales
hint-without-check-of-certificate = 如果不检查，其他计算机可能会冒充服务器并读取密码。
hint-azure-sql-server = tcp:sales.database.windows.net,1433。连接始终加密 (Encrypt=True)。
hint-storage-account = 例如 salesfiles
hint-without-https = 如果不使用 HTTPS，文件可能会在网络上被读取。
hint-sas-uri = 包含签名的完整地址：https://….blob.core.windows.net/…?sv=…&sig=…
hint-cassandra-hosts = 一个或多个，以逗号分隔：cas01.corp.example,cas02.corp.example
hint-tenant = 租户的域名或 ID，例如 corp.onmicrosoft.com
hint-file-share = \\files01\exports；网关所在计算机本身则为 Local
hint-without-it-files-can-be-read = 如果不启用，密码和文件可能会在网络上被读取。
hint-kerberos-user = DOMAIN\user；对于 Kerberos，则为 user@domain.example
hint-hadoop-user = Hadoop 将网关视为哪个用户，例如 hadoop
hint-certificate-thumbprint = 40 位十六进制数字，用于网关计算机证书存储中的证书
hint-certificate-file = 拖放或选择不在该存储中的证书的 PFX 文件
hint-authentication-database = 用户所在的数据库（如果既不是 admin，也不是上面的数据库）
hint-mysql-server = mysql01.corp.example；若端口不是 3306，则为 mysql01.corp.example:3307
hint-odbc-connection-string = 不含用户名和密码：Driver=SQL Server;Server=sql01;Database=Sales 或 DSN=Sales
hint-odbc-credential = 连接字符串的机密部分（如果驱动程序需要更多信息）：Uid=…;Pwd=…;RefreshToken=…
hint-listener-port = 侦听器的端口
hint-service-name = sales.corp.example。请填写服务名称或 SID，不要同时填写。
hint-sid = ORCL，用于以系统标识符识别的数据库
hint-user-upper-case = 例如 ETL_READER
hint-oracle-driver = 必须在网关计算机上安装 Oracle 自己的驱动程序；Microsoft 的驱动程序只能读取。
hint-postgresql-server = pg01.corp.example；若端口不是 5432，则为 pg01.corp.example:5433
hint-database-case-differs = 例如 sales。区分大小写。
hint-schema-case-differs = 例如 public。区分大小写。
hint-salesforce-environment = 沙盒为 https://test.salesforce.com，也可以是你自己的域
hint-security-token = 重置令牌时，Salesforce 会通过邮件发送
hint-two-digits = 两位数字，例如 00
hint-three-digits = 三位数字，例如 800
hint-private-key = 粘贴、拖放或选择密钥文件：PEM、DER、OpenSSH 或 PuTTY
hint-ssh-port = SSH 服务器的端口
hint-host-key-fingerprint = ssh-keygen -l 为服务器密钥输出的内容：SHA256:… 或 ssh-rsa 2048 aa:bb:…
hint-without-check-of-host-key = 其他计算机可能会冒充服务器并读取密码。
hint-user-for-example = 例如 etl_reader
hint-sql-server-login = SQL Server 登录名，例如 etl_reader
hint-windows-user-or-service-account = DOMAIN\user。若要使用网关的服务帐户，请将用户名和密码留空。
hint-sql-server = sql01.corp.example；带端口为 sql01.corp.example,1433；带实例为 sql01\SALES
hint-database-capital = 例如 Sales
hint-without-it-rows-can-be-read = 如果不启用，密码和数据行可能会在网络上被读取。
hint-trust-any-certificate = 仅用于网关无法检查其证书的服务器：其他计算机可能会冒充该服务器。
hint-sink = 复制到该存储时需要

## Rules

rule-required = 请填写此字段。
rule-too-long = 太长：上限为 { $limit }。
rule-control-character = 请移除控制字符和换行符。
rule-outer-space = 请移除开头或结尾的空格。
rule-not-a-number = 请输入整数，只能使用数字。
rule-out-of-range = 请输入 1 到 65535 之间的数字。
rule-not-a-host = 请输入主机名或 IP 地址。
rule-not-a-host-list = 请输入主机名或 IP 地址，以逗号分隔，不带空格。
rule-not-a-data-source = 请使用 host、host,port 或 host\instance 格式。
rule-not-a-url = 请输入以 https:// 或 http:// 开头的网址。
rule-not-an-https-url = 请输入以 https:// 开头的网址。
rule-credential-in-url = 请从地址中移除用户名和密码；它们有各自的字段。
rule-not-an-identifier = 只能使用字母、数字和 _ $ # . -。
rule-not-a-fingerprint = 请输入主机密钥指纹：SHA256:… 或 16 组的 aa:bb:cc:…
rule-not-a-thumbprint = 请输入证书指纹：40 位十六进制数字，不带空格。
rule-not-a-sha256 = 请输入证书的 SHA-256：64 位小写十六进制数字。
rule-not-a-file-share = 请输入 \\server\share（结尾不带反斜杠）或 Local。
rule-not-a-connection-string = 请使用以分号分隔的 keyword=value 对。
rule-credential-in-connection-string = 请从中移除用户名、密码和令牌；它们有各自的字段。
rule-not-a-storage-account = 请使用 3 到 24 个小写字母和数字。
rule-not-a-guid = 请输入 32 位十六进制数字，按 8、4、4、4、12 位分组，以连字符分隔。
rule-not-two-digits = 请输入两位数字。
rule-not-three-digits = 请输入三位数字。
rule-not-a-choice = 请从提供的值中选择一个。
rule-not-a-switch = 请选择“是”或“否”。
rule-unknown-field = 此处没有这个字段。
rule-must-be-secret = 这是机密，必须作为机密发送。
rule-must-not-be-secret = 这不是机密，不能作为机密发送。
rule-exactly-one = 请只填写以下其中一项：{ $fields }
rule-together = 请同时填写或同时省略：{ $fields }
rule-unknown-kind = 没有这种数据存储类型。
rule-unknown-auth-type = 此数据存储类型没有这种身份验证类型。
