### What is said of what was pasted or dropped.

## Pasting a connection string

# Label of the place to paste into.
paste-label = 接続文字列の貼り付け
# What can be pasted.
paste-hint = ファイルのドロップもできます: ADO.NET、ODBC、JDBC、URL、libpq、Oracle、またはリンクされたサービスの JSON。内容が下の入力欄に入ります。
# Something was typed there.
paste-only-pasted = ここには入力できません。Ctrl+V または ⌘V で貼り付けてください。
# The module did not come.
paste-unavailable = 読み取り用のプログラムを読み込めませんでした。もう一度貼り付けてください。
# A dropped file is not UTF-8.
paste-not-text = このファイルはテキスト (UTF-8) ではありません。
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
