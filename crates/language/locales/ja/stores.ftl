### What the kinds of data store ask for, and what can be wrong with it.

## Authentication types

auth-access-key = アクセス キー
auth-sql-authentication = SQL 認証
auth-account-key = アカウント キー
auth-sas = 共有アクセス署名 (SAS)
auth-service-principal = サービス プリンシパル
auth-digest = ユーザー名とパスワード (ダイジェスト)
auth-client-certificate = クライアント証明書
auth-user-name-and-password = ユーザー名とパスワード
auth-with-security-token = ユーザー名、パスワード、セキュリティ トークン
auth-private-key = 秘密キー (SSH)
auth-windows-authentication = Windows 認証
auth-anonymous = なし (匿名)
auth-sql-server-authentication = SQL Server 認証

## Labels of fields, and choices

label-host = ホスト
label-server = サーバー
label-port = ポート
label-database = データベース
label-check-certificate = サーバー証明書を検証する
label-access-key-id = アクセス キー ID
label-secret-access-key = シークレット アクセス キー
label-connection-timeout = 接続タイムアウト (秒)
label-account-name = アカウント名
label-protocol = プロトコル
label-http-not-encrypted = HTTP (暗号化なし)
label-account-key = アカウント キー
label-hosts = ホスト
label-store = ストア
label-tenant = テナント
label-application-id = アプリケーション ID
label-application-key = アプリケーション キー
label-subscription-id = サブスクリプション ID
label-resource-group = リソース グループ
label-share = 共有
label-encrypt = 接続を暗号化する (TLS)
label-certificate-thumbprint = 証明書の拇印
label-certificate-file = 証明書ファイル
label-base-url = ベース URL
label-authentication-database = 認証データベース
label-connection-string = 接続文字列
label-credential = 資格情報
label-service-name = サービス名
label-user-name = ユーザー名
label-password = パスワード
label-driver = ドライバー
label-schema = スキーマ
label-environment = 環境
label-security-token = セキュリティ トークン
label-system-number = システム番号
label-client = クライアント
label-private-key = 秘密キー
label-passphrase = パスフレーズ
label-host-key-fingerprint = ホスト キーのフィンガープリント
label-skip-host-key-validation = ホスト キーの検証をスキップする
label-trust-any-server-certificate = すべてのサーバー証明書を信頼する

## Hints: an example or an explanation, never a default

hint-db2-server = db01.corp.example。通常とは異なるポートの場合は db01.corp.example:5001
hint-database = 例: sales
hint-without-check-of-certificate = オフにすると、別のコンピューターがサーバーになりすましてパスワードを読み取るおそれがあります。
hint-azure-sql-server = tcp:sales.database.windows.net,1433。接続は常に暗号化されます (Encrypt=True)。
hint-storage-account = 例: salesfiles
hint-without-https = HTTPS を使わないと、ネットワーク上でファイルを読み取られるおそれがあります。
hint-sas-uri = 署名を含むアドレス全体: https://….blob.core.windows.net/…?sv=…&sig=…
hint-cassandra-hosts = 1 つ以上をコンマで区切ります: cas01.corp.example,cas02.corp.example
hint-tenant = ドメイン名または ID。例: corp.onmicrosoft.com
hint-file-share = \\files01\exports、またはゲートウェイのコンピューター自体の場合は Local
hint-without-it-files-can-be-read = オフにすると、ネットワーク上でパスワードとファイルを読み取られるおそれがあります。
hint-kerberos-user = DOMAIN\user、または Kerberos の場合は user@domain.example
hint-hadoop-user = Hadoop がゲートウェイをどのユーザーとして扱うか。例: hadoop
hint-certificate-thumbprint = 40 桁の 16 進数。証明書がゲートウェイのコンピューターの証明書ストアにある場合に指定します
hint-certificate-file = そのストアにない証明書の PFX ファイルをドロップするか選択してください
hint-authentication-database = ユーザーが登録されているデータベース。admin でも上記のデータベースでもない場合に指定します
hint-mysql-server = mysql01.corp.example。3306 以外のポートの場合は mysql01.corp.example:3307
hint-odbc-connection-string = ユーザー名とパスワードは除きます: Driver=SQL Server;Server=sql01;Database=Sales、または DSN=Sales
hint-odbc-credential = ドライバーがほかにも必要とする場合に、接続文字列のシークレット部分: Uid=…;Pwd=…;RefreshToken=…
hint-listener-port = リスナーのポート
hint-service-name = sales.corp.example。サービス名か SID のどちらか一方だけを指定します。
hint-sid = ORCL。データベースをシステム識別子で指定する場合
hint-user-upper-case = 例: ETL_READER
hint-oracle-driver = Oracle のドライバーは、ゲートウェイのコンピューターにインストールされている必要があります。Microsoft のドライバーは読み取り専用です。
hint-postgresql-server = pg01.corp.example。5432 以外のポートの場合は pg01.corp.example:5433
hint-database-case-differs = 例: sales。大文字と小文字は区別されます。
hint-schema-case-differs = 例: public。大文字と小文字は区別されます。
hint-salesforce-environment = サンドボックスの場合は https://test.salesforce.com、または独自のドメイン
hint-security-token = リセットすると Salesforce からメールで届きます
hint-two-digits = 2 桁の数字。例: 00
hint-three-digits = 3 桁の数字。例: 800
hint-private-key = キー ファイルを貼り付けるか、ドロップするか、選択してください: PEM、DER、OpenSSH、PuTTY
hint-ssh-port = SSH サーバーのポート
hint-host-key-fingerprint = サーバーのキーに対して ssh-keygen -l が表示する値: SHA256:… または ssh-rsa 2048 aa:bb:…
hint-without-check-of-host-key = 別のコンピューターがサーバーになりすましてパスワードを読み取るおそれがあります。
hint-user-for-example = 例: etl_reader
hint-sql-server-login = SQL Server ログイン。例: etl_reader
hint-windows-user-or-service-account = DOMAIN\user。ゲートウェイのサービス アカウントを使う場合は、ユーザー名とパスワードを空のままにします。
hint-sql-server = sql01.corp.example。ポートを指定する場合は sql01.corp.example,1433、インスタンスを指定する場合は sql01\SALES
hint-database-capital = 例: Sales
hint-without-it-rows-can-be-read = オフにすると、ネットワーク上でパスワードと行データを読み取られるおそれがあります。
hint-trust-any-certificate = ゲートウェイが証明書を検証できないサーバーの場合のみ。別のコンピューターがサーバーになりすますおそれがあります。
hint-sink = ストアにコピーする場合に必要です

## Rules

rule-required = 入力してください。
rule-too-long = 長すぎます。上限は { $limit } です。
rule-control-character = 制御文字と改行を削除してください。
rule-outer-space = 先頭または末尾の空白を削除してください。
rule-not-a-number = 数字だけで整数を入力してください。
rule-out-of-range = 1 から 65535 までの数値を入力してください。
rule-not-a-host = ホスト名または IP アドレスを入力してください。
rule-not-a-host-list = ホスト名または IP アドレスを、空白を入れずにコンマで区切って入力してください。
rule-not-a-data-source = host、host,port、または host\instance の形式で入力してください。
rule-not-a-url = https:// または http:// で始まる Web アドレスを入力してください。
rule-not-an-https-url = https:// で始まる Web アドレスを入力してください。
rule-credential-in-url = アドレスからユーザー名とパスワードを削除し、それぞれの入力欄に入力してください。
rule-not-an-identifier = 使用できるのは、英数字と _ $ # . - だけです。
rule-not-a-fingerprint = ホスト キーのフィンガープリントを入力してください: SHA256:…、または 16 組の aa:bb:cc:…
rule-not-a-thumbprint = 証明書の拇印を、空白を入れずに 40 桁の 16 進数で入力してください。
rule-not-a-sha256 = 証明書の SHA-256 を、64 桁の 16 進数 (小文字) で入力してください。
rule-not-a-file-share = \\server\share (末尾に \ を付けない)、または Local を入力してください。
rule-not-a-connection-string = keyword=value の組をセミコロンで区切って入力してください。
rule-credential-in-connection-string = ここからユーザー名、パスワード、トークンを削除し、それぞれの入力欄に入力してください。
rule-not-a-storage-account = 3 ～ 24 文字の英小文字と数字を入力してください。
rule-not-a-guid = 32 桁の 16 進数を、8、4、4、4、12 桁ごとにハイフンで区切って入力してください。
rule-not-two-digits = 2 桁の数字を入力してください。
rule-not-three-digits = 3 桁の数字を入力してください。
rule-not-a-choice = 表示されている値から選択してください。
rule-not-a-switch = 「はい」または「いいえ」を選択してください。
rule-unknown-field = この入力欄は存在しません。
rule-must-be-secret = これはシークレットのため、シークレットとして送信する必要があります。
rule-must-not-be-secret = これはシークレットではないため、シークレットとして送信できません。
rule-exactly-one = 次のうち 1 つだけを入力してください: { $fields }
rule-together = 次の項目は、すべて入力するか、すべて省略してください: { $fields }
rule-unknown-kind = この種類のデータ ストアは存在しません。
rule-unknown-auth-type = この種類のデータ ストアには、この認証の種類はありません。
