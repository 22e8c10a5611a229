### What the page says: its labels, buttons and states.

## Before the program runs, and when it cannot

page-title = 資格情報の設定 · Credential Setter
# The page is late; shown after some seconds.
late = このページはまだ起動していません。このまま何も起こらない場合は、起動できない状態です。新しいリンクで開き直してください。それでも解決しない場合は、ページのファイルが変更された可能性があることをゲートウェイの管理者に知らせてください。
stopped = エラーが発生したため、このページは停止しました。これ以上は何も送信されません。ページを閉じて、ポータルからやり直してください。
page-build = ページ
too-old = このブラウザーではページを起動できません。WebAssembly に対応していないか、無効になっています。最新の Chrome、Edge、Firefox、または Safari を使用するか、コマンドライン ツール credset を使用してください。
not-loaded = このページを起動できません。ページの一部が届かなかったか、ゲートウェイが公開したものと異なります。何も送信されていません。リンクをもう一度開いてください。それでも解決しない場合は、ゲートウェイの管理者に知らせてください。
no-script = このページを起動できません。スクリプトが無効になっています。資格情報をこのブラウザー内で封印するには、プログラムを実行する必要があります。

## The form and what is around it

# Explains the gateway's name in the band at the top.
served-by = このページはこのゲートウェイから提供されています
# Names the panel above the form.
context = 設定の対象
# Above the linked service's name.
set-credential = 資格情報の設定先
# Label: the data factory.
data-factory = データ ファクトリ
# Label: the gateway.
gateway = ゲートウェイ
# Label: the gateway's identity, for comparing.
fingerprint = ゲートウェイのフィンガープリント
# Label: the certificate's hash as browsers show it.
certificate = 証明書の SHA-256
# Label: who the ticket was issued to.
requested-by = 要求者
# Label: the rest of the ticket's life.
ticket-left = リンクの残り時間
# Behind “Link valid for”: it is over.
time-over = 期限切れ
# Behind “Link valid for”.
time-less-than-a-minute = 1 分未満
# Behind “Link valid for”.
time-minutes = { $minutes } 分
# Label: what is stored already.
stored = 保存済み
# Behind “Stored”: what is there, who has set it, and when.
stored-version = バージョン { $version } ({ $by }、{ $at })
# It is known that there is nothing.
nothing-stored = まだありません
# It is not known whether there is something.
stored-unread = 保存済みの設定を読み取れませんでした。設定がある場合は、保存する内容で置き換えられます。
# Label: the certificate that is trusted whoever signed it.
trusted-certificate = 信頼する証明書の SHA-256
# Copies what the form shows.
copy-settings = シークレット以外の設定をコピー
# Section: kind and authentication.
data-store = データ ストア
# Section: where to.
destination = 接続先
# Section: who, and the secrets.
sign-in = サインイン
# Section: the rest.
options = オプション
# Label: the kind of data store.
kind = 種類
# Label: the authentication type.
auth = 認証
# Where nothing is chosen yet.
choose = 選択…
# Behind the label of a field that may stay empty.
optional = 省略可能
# Sends.
save = 保存
# Has the gateway try what is in the form, and stores nothing.
test = 接続をテスト
# Stores without that.
save-untested = テストせずに保存
# Gives up.
cancel = キャンセル
# Closes the window.
close = ウィンドウを閉じる
# Label: a new link.
new-link = 新しいリンク
# Takes the new link.
use-link = リンクを使用
# Heads the receipt.
saved-title = 資格情報が保存されました
# Label: the words of the identity key that was there before.
words-before = 以前
# Label: the words of the identity key that is there now.
words-now = 現在
# Accepts it.
trust = 単語を照合しました: 今後このゲートウェイを信頼する
# Stops the countdown.
keep-open = 開いたままにする
# The countdown after a save.
closes-in = このウィンドウは { $seconds } 秒後に閉じます。
# Beside the close button.
saved-close = このウィンドウを閉じてもかまいません。
# Label: the linked service.
linked-service = リンクされたサービス
# Label: the far end.
target = 接続先
# Label: the account on the data store.
account = アカウント
# Label: how often it has been set.
version = バージョン
# Label: the key.
key-id = キー ID
# Label: who has set it.
saved-by = 保存者
# Label: when.
saved-at = 保存日時
# Label: whether it was tested. Heads the report while a test goes on, too: there before the report's other words.
tested = 接続のテスト
# Behind “Test of the connection”.
tested-passed = 成功
# Behind “Test of the connection”.
tested-failed = 失敗
# Behind “Test of the connection”.
tested-none = 未実施
# Label: the linked service's JSON.
json = リンクされたサービスの JSON
# Copies it.
copy = コピー
# It is on the clipboard.
copied = コピーしました。
# The browser did not allow it; the text is selected instead.
not-copied = ブラウザーでコピーが許可されませんでした。テキストが選択されています。Ctrl+C または ⌘C を押してください。
# Heads the screen after Cancel.
cancelled-title = 何も保存されませんでした
# The screen after Cancel.
cancelled = 入力した内容は消去されました。このウィンドウを閉じてもかまいません。もう一度始めるには、ポータルで「資格情報の設定」を押してください。
# No kind was chosen.
choose-kind = データ ストアの種類を選択してください。
# The part of the page that seals is not there yet.
starting = しばらくお待ちください。封印を行うプログラムを読み込んでいます。
# Save was pressed, the key is not there yet.
step-key = ゲートウェイのキーを取得しています…
# The gateway tries the credential.
step-testing = 封印しました。ゲートウェイがデータ ストアで試しています…
# The envelope is on its way.
step-posting = 封印しました。ゲートウェイで保存するため、エンベロープを送信しています…
# No answer came.
step-posting-again = まだ応答がありません。同じエンベロープをもう一度送信しています…
# Stops what goes on; the form stays.
stop = 停止
# The receipt has arrived.
saved = ゲートウェイがエンベロープを開き、資格情報を保存しました。このページにあったコピーは消去されました。
# Above a list of faults.
faults-title = 何も送信されていません。次の入力欄を確認してください:

## About and beside secret fields

# Makes a secret readable.
secret-show = 表示
# Goes to the browser's own password field.
secret-plain = 通常の入力欄
# Explains the former.
secret-plain-title = IME やパスワード マネージャーを使う場合
# Describes a captured field to a screen reader.
secret-captured = 非表示: 文字数だけが読み上げられます。スクリーン リーダーがキー入力を読み上げる場合は、先に「通常の入力欄」を押してください。
# Describes a plain one.
secret-in-plain-field = ブラウザー標準のパスワード入力欄です。
# Takes a secret from a file.
secret-choose-file = ファイルを選択…
# A chosen file is not UTF-8.
secret-not-a-text-file = このファイルはテキスト (UTF-8) ではありません。
# A chosen file is longer than any envelope.
secret-file-too-long = このファイルは資格情報としては長すぎます。キー ファイルそのものを選択してください。
# A chosen file could not be read.
secret-file-unreadable = ブラウザーでこのファイルを読み取れませんでした。もう一度選択するか、テキストを貼り付けてください。
# An insertion is longer than what is left of the field's room.
secret-no-room = 長すぎるため、まったく取り込まれませんでした。
# An input method has begun.
secret-composing = IME が使用されています。変換中の文字のコピーがブラウザーに残ります。IME を使う場合は「通常の入力欄」を押してください。
# Something has changed the field behind the page's back.
secret-overwritten = ほかのプログラムがここに入力した内容は取り込まれませんでした。パスワード マネージャーを使う場合は「通常の入力欄」を押してください。
# A cut, a copy or a drag.
secret-not-copied-out = この入力欄のシークレットは、コピーも切り取りもできません。
# The other mode could not be had.
secret-not-plain = 切り替えられませんでした。通常の入力欄にすると、ここにある内容が変わってしまいます。
# Caps Lock is on.
secret-caps-lock = Caps Lock がオンになっています。
# A field holds half of a surrogate pair.
secret-not-text = 文字の半分だけが含まれているため、このままでは送信できません。もう一度入力するか、貼り付けてください。
# Keeps secrets that would be wiped.
secret-keep-secrets = 消去しない
# In the place of a secret that is kept.
secret-stored-unchanged = 保存済み (変更なし)
# In the place of one that is cleared.
secret-will-be-removed = 削除されます
# Types another one.
secret-replace = 置き換え
# Stores none.
secret-clear = クリア
# Goes back to what is stored.
secret-keep-stored = 保存済みのものを保持
# The same where that is not possible any more.
secret-type-again = 再入力
# Puts the stored values back.
secret-move-back = 変更を元に戻す
# How long a secret is.
secret-characters = { $count } 文字
# Why stored secrets have to be typed again: labels of fields, as “list-quoted” and “list-last” join them.
secret-moved = { $count ->
   *[other] { $fields }が変更されました。保存済みのシークレットが別の場所に送信されるのを防ぐため、シークレットをもう一度入力してください。
}
# Nobody has gone on for a while.
secret-absence-ending = しばらく操作がないため、入力したシークレットは 1 分後に消去されます。消去しない場合は、いずれかのキーを押してください。
# Nobody has gone on for five minutes.
secret-absence-ended = 5 分間操作がなかったため、入力したシークレットは消去されました。もう一度入力してください。ほかの内容はすべて残っています。
# The page was left and came back.
secret-absence-left = このページを離れたため、入力したシークレットは消去されました。もう一度入力してください。ほかの内容はすべて残っています。

## Pasting, before what reads it is there

# Label of the place to paste into.
paste-label = 接続文字列の貼り付け
# What can be pasted.
paste-hint = ファイルのドロップもできます: ADO.NET、ODBC、JDBC、URL、libpq、Oracle、またはリンクされたサービスの JSON。内容が下の入力欄に入ります。
# Something was typed there.
paste-only-pasted = ここには入力できません。Ctrl+V または ⌘V で貼り付けてください。
# The module did not come.
paste-unavailable = 読み取り用のプログラムを読み込めませんでした。もう一度貼り付けてください。
# The module that reads them is at work.
key-reading = キー ファイルを確認しています…
# It did not come.
key-unavailable = 確認できませんでした。キー ファイルを読み取るプログラムを読み込めませんでした。もう一度試すか、このまま保存してください。

## Lists of names in a sentence

# A name in a list.
list-quoted = 「{ $name }」
# Between two names.
list-between = {"、"}
# Between the last two.
list-last = {"、"}
