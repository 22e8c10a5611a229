### What is said of a test of the credential. Served to whoever tests one.

## The report

# Heads the report of a test that passed.
test-passed = 接続テストに成功しました
# The form was edited since.
test-outdated = その後フォームが変更されました。これは変更前の内容についての結果です。
# A stage and how it ended.
test-stage = { $stage }: { $result }
# How long a stage took.
test-milliseconds = { $count } ミリ秒

## The stages

stage-policy = 接続先の許可
stage-resolve = 名前解決
stage-connect = 接続
stage-tls = 暗号化
stage-authenticate = サインイン
stage-authorise = 権限
stage-query = クエリ

## How a stage ended

result-passed = 成功
result-failed = 失敗
result-skipped = スキップ

## What the data store said and showed

# Label: the data store's own code.
store-code = データ ストアのコード
# Label: the data store's own words.
store-said = データ ストアのメッセージ
# Label: whom the certificate names.
certificate-subject = 証明書の発行先
# Label: who signed it.
certificate-issuer = 発行者
# Label: when it ends.
certificate-until = 有効期限
# Trusts it from now on.
trust-certificate = この証明書を信頼する
# When to do that.
trust-certificate-hint = データ ストアの管理者から聞いた SHA-256 と一致する場合のみ選択してください。信頼されるのはこのリンクされたサービスに限られます。

## What went wrong before the first stage

trouble-tests-off = ゲートウェイはテストを行いません
    .advice = 何もテストも保存もされていません。新しいリンクでページを再読み込みしてください。
