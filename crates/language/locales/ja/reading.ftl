### What is said of what was pasted or dropped. Served to whoever pastes something, with the module that reads it.

## Pasting a connection string

# Before the names of fields that were filled.
paste-filled = 入力した項目
# Before the names of secrets that were filled.
paste-sealed = 封印する項目
# Before the keywords without a field.
paste-ignored = 使用しない項目
# Before the form of the text.
paste-recognised = 認識した形式

## Names of forms

form-ado-net = ADO.NET 接続文字列
form-azure-storage = Azure Storage 接続文字列
form-odbc = ODBC 接続文字列
form-libpq = libpq 接続文字列
form-uri = URL
form-jdbc = JDBC URL
form-easy-connect = Oracle 簡易接続文字列
form-descriptor = Oracle 接続記述子
form-linked-service = リンクされたサービスの JSON

## Why a text was not recognised

unrecognised = これは、ここで読み取れる接続文字列ではありません。
malformed = { $form }を読み取れません。位置 { $position } の部分: { $why }。
other-kind = これは { $found } 用です。このリンクされたサービスは { $wanted } です。
no-such-kind = これは、ここで選択できない種類のデータ ストア用です。
nothing-fits = このテキストには、{ $kind } の入力欄に対応する項目がありません。

## What is wrong with the part: the end of “malformed”

flaw-no-equals-sign = 等号がありません
flaw-no-keyword = キーワードがありません
flaw-open-brace = 中かっこが閉じられていません
flaw-open-quote = 引用符が閉じられていません
flaw-after-quote = 閉じ引用符の後に余分な文字があります
flaw-control-character = 引用符の外に制御文字があります
flaw-after-document = ドキュメントの後に余分な文字があります
flaw-too-deep = 入れ子が深すぎます
flaw-no-colon = コロンがありません
flaw-no-value = 値がありません
flaw-no-comma = コンマがありません
flaw-no-string = 文字列がありません
flaw-not-an-escape = 正しいエスケープではありません
flaw-control-character-in-string = 文字列の中に制御文字があります
flaw-not-a-word = キーワードが単語ではありません
flaw-neither-tcp-nor-tcps = tcp でも tcps でもありません
flaw-not-a-host = ホスト名でもアドレスでもありません
flaw-tns-name = tnsnames.ora の名前です。その名前が表す内容を貼り付けてください
flaw-nothing-to-close = 対応する開きかっこがありません
flaw-not-in-brackets = かっこで囲まれていません
flaw-open-bracket = かっこが閉じられていません
flaw-percent-sign = パーセント記号そのものは %25 と記述します
flaw-not-utf8 = パーセント エンコードされた内容が UTF-8 ではありません
flaw-inner-string = 含まれている接続文字列を読み取れません
flaw-not-a-port-or-password = ポートが数値ではありません。パスワード中の / ? # @ は %2F %3F %23 %40 と記述します
flaw-not-a-port = ポートが数値ではありません
flaw-not-encoded = ここでは / ? # @ を %2F %3F %23 %40 と記述します
flaw-no-slashes = 先頭に 2 つのスラッシュがありません

## What the fields do not say as the text does

warning-tls = このテキストの TLS 設定に対応する入力欄がありません。接続が意図したとおりに保護されているか確認してください。
warning-stricter-tls = このテキストは、フォームで設定できるよりも厳しいサーバーの検証を求めています。TLS はオンです。
warning-several-hosts = 複数のホストのうち、最初のものだけが使用されます。
warning-seed-list = mongodb+srv アドレスは DNS で照会されます。1 台のサーバーの名前とポートを指定してください。
warning-tns-name = データ ソースは tnsnames.ora ファイルの名前です。ホスト、ポート、サービス名を指定してください。
warning-empty-secret = このテキストには、値のないシークレットがあります。
warning-mask = このテキストには、アスタリスクで隠されたシークレットがあります。入力してください。
warning-placeholder = このテキストには、プレースホルダーだけのシークレットがあります。入力してください。
warning-encrypted-credential = このテキストには暗号化された資格情報がありますが、再利用できません。シークレットを入力してください。
warning-windows-authentication = このテキストは Windows 認証を求めていますが、この種類では使用できません。
warning-secret-in-url = アドレスのクエリにシークレットが含まれているようです。クエリの内容は読み取られるおそれがあります。

## Key files

# Beside the passphrase, at Save.
key-needed = キー ファイルを開くために必要です。
# $algorithm is “RSA 3072, ” or nothing, $format “PKCS#8, SHA256:…; AES-256-CBC, …”.
key-open = { $algorithm }{ $format }。暗号化されていないため、パスフレーズは不要です。
key-open-certificate = { $algorithm }{ $format }、{ $subject }、有効期限 { $day }、拇印 { $thumbprint }。暗号化されていないため、パスフレーズは不要です。
key-sealed = { $algorithm }{ $format }。暗号化されているため、パスフレーズが必要です。
key-opened = { $algorithm }{ $format }。暗号化されていますが、このパスフレーズで開けます。
key-opened-certificate = { $algorithm }{ $format }、{ $subject }、有効期限 { $day }、拇印 { $thumbprint }。暗号化されていますが、このパスフレーズで開けます。
key-wrong-passphrase = このパスフレーズではキー ファイルを開けません。
key-untried-unsupported = パスフレーズを確認できませんでした。ここでは { $name } を開けません。確認せずに保存するには、もう一度「保存」を押してください。
key-untried-work = パスフレーズを確認できませんでした。このファイルでは、確認に必要な計算量が多すぎます。確認せずに保存するには、もう一度「保存」を押してください。
key-damaged-inside = パスフレーズは正しいのですが、開いた内容を読み取れません。
key-no-key = この PKCS#12 ファイルには証明書だけがあり、秘密キーがありません。
key-security-key = これはセキュリティ キーのハンドルです。秘密キーそのものはデバイスの中にあります。
# The end of the messages below: $wanted.
key-wanted-private-key = ここには秘密キーが必要です。
key-wanted-certificate = ここには PKCS#12 ファイル (PFX、P12) が必要です。
key-is-pfx = これは PKCS#12 ファイルです。{ $wanted }
key-is-private-key = これは秘密キー ({ $container }) です。{ $wanted }
key-is-empty = 内容がありません。{ $wanted }
key-is-too-long = { $bytes } バイトは、キー ファイルとしては大きすぎます。{ $wanted }
key-is-text = このテキストはキーではありません。{ $wanted }
key-is-binary = このバイナリ データはキーではありません。{ $wanted }
key-is-public-key = これは公開キーです。{ $wanted }
key-is-open-ssh-public-key = これは OpenSSH の公開キーです。{ $wanted }
key-is-ssh2-public-key = これは、PuTTYgen が保存する SSH2 形式の公開キーです。{ $wanted }
key-is-ssh2-private-key = これは SSH.COM 形式の秘密キーです。{ $wanted }
key-is-open-ssh-certificate = これは OpenSSH の証明書です。{ $wanted }
key-is-known-hosts = これは known_hosts の行です。{ $wanted }
key-is-fingerprint = これはフィンガープリントです。{ $wanted }
key-is-old-ppk = これはバージョン 1 の PuTTY のキーです。{ $wanted }
key-is-ssh1-private-key = これは SSH バージョン 1 の秘密キーです。{ $wanted }
key-is-certificate = これは証明書です。{ $wanted }
key-is-certificate-request = これは証明書の要求です。{ $wanted }
key-is-revocation-list = これは証明書失効リストです。{ $wanted }
key-is-pkcs7 = これは証明書の入った PKCS#7 ファイルです。{ $wanted }
key-is-parameters = これはキーのパラメーターのファイルです。{ $wanted }
key-is-pgp = これは PGP ファイルです。{ $wanted }
key-is-java-keystore = これは Java キーストアです。{ $wanted }
key-is-jwk = これは JSON 形式のキーです。{ $wanted }
key-is-xml-key = これは XML 形式のキーです。{ $wanted }
key-is-path = これはファイルの名前です。{ $wanted }
key-is-other-pem = これは別の種類の PEM ファイルです。{ $wanted }
key-is-other-der = これは別の種類の DER ファイルです。{ $wanted }
key-damaged = この { $container } ファイルを読み取れません: { $flaw }。{ $wanted }
key-damaged-base64 = この { $container } ファイルを読み取れません: base64 の { $position } 文字目が正しくありません。{ $wanted }
key-damaged-field = この { $container } ファイルを読み取れません: フィールド { $field } がないか、正しくありません。{ $wanted }
# The end of “key-damaged”: $flaw.
key-flaw-no-beginning = 最初の行がありません
key-flaw-no-end = 末尾がありません
key-flaw-several-keys = 複数の秘密キーが含まれています
key-flaw-structure = 内容がこの形式のファイルのものではありません
key-flaw-checksum = チェックサムが一致しません
