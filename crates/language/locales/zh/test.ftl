### What is said of a test of the credential. Served to whoever tests one.

## The report

# Heads the report of a test that passed.
test-passed = 连接测试通过
# The form was edited since.
test-outdated = 此后表单已更改：这是更改之前内容的结果。
# A stage and how it ended.
test-stage = { $stage }：{ $result }
# How long a stage took.
test-milliseconds = { $count } 毫秒

## The stages

stage-policy = 允许的目标
stage-resolve = 名称解析
stage-connect = 连接
stage-tls = 加密
stage-authenticate = 登录
stage-authorise = 权限
stage-query = 查询

## How a stage ended

result-passed = 通过
result-failed = 失败
result-skipped = 已跳过

## What the data store said and showed

# Label: the data store's own code.
store-code = 数据存储的代码
# Label: the data store's own words.
store-said = 数据存储的原话
# Label: whom the certificate names.
certificate-subject = 证书颁发给
# Label: who signed it.
certificate-issuer = 颁发者
# Label: when it ends.
certificate-until = 有效期至
# Trusts it from now on.
trust-certificate = 信任此证书
# When to do that.
trust-certificate-hint = 仅当数据存储的管理员告知你相同的 SHA-256 时才选择。此信任仅限于该链接服务。

## What went wrong before the first stage

trouble-tests-off = 网关不执行测试
    .advice = 未测试或存储任何内容。请使用新链接重新加载页面。
