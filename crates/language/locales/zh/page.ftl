### What the page says: its labels, buttons and states.

## Before the program runs, and when it cannot

page-title = 设置凭据 · Credential Setter
# The page is late; shown after some seconds.
late = 此页面尚未启动。如果一直没有反应，则说明它无法启动：请使用新链接重新打开；如果仍无法解决，请告知网关管理员，页面的某个文件可能已被更改。
stopped = 此页面因内部错误已停止，不会再发送任何内容。请关闭此页面，然后从门户重新开始。
page-build = 页面
too-old = 此浏览器无法启动页面：它不支持 WebAssembly，或 WebAssembly 已被关闭。请使用最新版本的 Chrome、Edge、Firefox 或 Safari，或使用命令行工具 credset。
not-loaded = 此页面无法启动：页面的某个部分未能送达，或与网关发布的内容不符。未发送任何内容。请重新打开链接；如果仍无法解决，请告知网关管理员。
no-script = 此页面无法启动：脚本已被关闭。在此浏览器中密封凭据需要运行程序。

## The form and what is around it

# Explains the gateway's name in the band at the top.
served-by = 此页面由此网关提供
# Names the panel above the form.
context = 设置对象
# Above the linked service's name.
set-credential = 为此链接服务设置凭据
# Label: the data factory.
data-factory = 数据工厂
# Label: the gateway.
gateway = 网关
# Label: the gateway's identity, for comparing.
fingerprint = 网关指纹
# Label: the certificate's hash as browsers show it.
certificate = 证书 SHA-256
# Label: who the ticket was issued to.
requested-by = 请求者
# Label: the rest of the ticket's life.
ticket-left = 链接剩余时间
# Behind “Link valid for”: it is over.
time-over = 已过期
# Behind “Link valid for”.
time-less-than-a-minute = 不到 1 分钟
# Behind “Link valid for”.
time-minutes = { $minutes } 分钟
# Label: what is stored already.
stored = 已存储
# Behind “Stored”: what is there, who has set it, and when.
stored-version = 版本 { $version }（{ $by }，{ $at }）
# It is known that there is nothing.
nothing-stored = 尚无内容
# It is not known whether there is something.
stored-unread = 无法读取已存储的设置。如果存在此类设置，保存的内容将替换它们。
# Label: the certificate that is trusted whoever signed it.
trusted-certificate = 受信任证书的 SHA-256
# Copies what the form shows.
copy-settings = 复制设置（不含机密）
# Section: kind and authentication.
data-store = 数据存储
# Section: where to.
destination = 目标
# Section: who, and the secrets.
sign-in = 登录
# Section: the rest.
options = 选项
# Label: the kind of data store.
kind = 类型
# Label: the authentication type.
auth = 身份验证
# Where nothing is chosen yet.
choose = 请选择…
# Behind the label of a field that may stay empty.
optional = 可选
# Sends.
save = 保存
# Has the gateway try what is in the form, and stores nothing.
test = 测试连接
# Stores without that.
save-untested = 不测试直接保存
# Gives up.
cancel = 取消
# Closes the window.
close = 关闭窗口
# Label: a new link.
new-link = 新链接
# Takes the new link.
use-link = 使用链接
# Heads the receipt.
saved-title = 凭据已保存
# Label: the words of the identity key that was there before.
words-before = 之前
# Label: the words of the identity key that is there now.
words-now = 现在
# Accepts it.
trust = 我已核对词语：从现在起信任此网关
# Stops the countdown.
keep-open = 保持打开
# The countdown after a save.
closes-in = 此窗口将在 { $seconds } 秒后关闭。
# Beside the close button.
saved-close = 你可以关闭此窗口。
# Label: the linked service.
linked-service = 链接服务
# Label: the far end.
target = 目标
# Label: the account on the data store.
account = 帐户
# Label: how often it has been set.
version = 版本
# Label: the key.
key-id = 密钥 ID
# Label: who has set it.
saved-by = 保存者
# Label: when.
saved-at = 保存时间
# Label: whether it was tested. Heads the report while a test goes on, too: there before the report's other words.
tested = 连接测试
# Behind “Test of the connection”.
tested-passed = 通过
# Behind “Test of the connection”.
tested-failed = 失败
# Behind “Test of the connection”.
tested-none = 未测试
# Label: the linked service's JSON.
json = 链接服务 JSON
# Copies it.
copy = 复制
# It is on the clipboard.
copied = 已复制。
# The browser did not allow it; the text is selected instead.
not-copied = 浏览器不允许复制。文本已选中：请按 Ctrl+C 或 ⌘C。
# Heads the screen after Cancel.
cancelled-title = 未保存任何内容
# The screen after Cancel.
cancelled = 你输入的内容已擦除。你可以关闭此窗口；若要重新开始，请在门户中选择“设置凭据”。
# No kind was chosen.
choose-kind = 请选择数据存储的类型。
# The part of the page that seals is not there yet.
starting = 请稍候：此页面中负责密封的部分仍在加载。
# Save was pressed, the key is not there yet.
step-key = 正在获取网关的密钥…
# The gateway tries the credential.
step-testing = 已密封。网关正在数据存储上尝试…
# The envelope is on its way.
step-posting = 已密封。正在发送信封，以便网关存储…
# No answer came.
step-posting-again = 尚无应答。正在再次发送同一信封…
# Stops what goes on; the form stays.
stop = 停止
# The receipt has arrived.
saved = 网关已打开信封并存储了凭据。此页面已擦除自己的副本。
# Above a list of faults.
faults-title = 未发送任何内容。请检查以下字段：

## About and beside secret fields

# Makes a secret readable.
secret-show = 显示
# Goes to the browser's own password field.
secret-plain = 普通输入框
# Explains the former.
secret-plain-title = 适用于输入法和密码管理器
# Describes a captured field to a screen reader.
secret-captured = 已隐藏：只播报字符数。如果屏幕阅读器会读出按键，请先选择“普通输入框”。
# Describes a plain one.
secret-in-plain-field = 浏览器自带的密码输入框。
# Takes a secret from a file.
secret-choose-file = 选择文件…
# A chosen file is not UTF-8.
secret-not-a-text-file = 此文件不是文本 (UTF-8)。
# A chosen file is longer than any envelope.
secret-file-too-long = 此文件太长，不可能是凭据。请选择密钥文件本身。
# A chosen file could not be read.
secret-file-unreadable = 浏览器无法读取此文件。请重新选择，或粘贴其中的文本。
# An insertion is longer than what is left of the field's room.
secret-no-room = 内容太长：未采用其中任何部分。
# An input method has begun.
secret-composing = 正在使用输入法：浏览器会保留输入过程中内容的副本。请改用“普通输入框”。
# Something has changed the field behind the page's back.
secret-overwritten = 其他程序在此处填写的内容未被采用。若要使用密码管理器，请选择“普通输入框”。
# A cut, a copy or a drag.
secret-not-copied-out = 不能从此字段复制或剪切机密。
# The other mode could not be had.
secret-not-plain = 未切换：普通输入框会改变这里已有的内容。
# Caps Lock is on.
secret-caps-lock = Caps Lock 已打开。
# A field holds half of a surrogate pair.
secret-not-text = 其中包含半个字符，无法按原样发送。请重新输入或粘贴。
# Keeps secrets that would be wiped.
secret-keep-secrets = 保留机密
# In the place of a secret that is kept.
secret-stored-unchanged = 已存储，未更改
# In the place of one that is cleared.
secret-will-be-removed = 将被移除
# Types another one.
secret-replace = 替换
# Stores none.
secret-clear = 清除
# Goes back to what is stored.
secret-keep-stored = 保留已存储的机密
# The same where that is not possible any more.
secret-type-again = 重新输入
# Puts the stored values back.
secret-move-back = 恢复原值
# How long a secret is.
secret-characters = { $count } 个字符
# Why stored secrets have to be typed again: labels of fields, as “list-quoted” and “list-last” join them.
secret-moved = { $count ->
   *[other] { $fields }已更改。为防止已存储的机密被发送到其他位置，请重新输入机密。
}
# Nobody has gone on for a while.
secret-absence-ending = 由于此处已有一段时间没有任何操作，你输入的机密将在 1 分钟后擦除。按任意键可保留机密。
# Nobody has gone on for five minutes.
secret-absence-ended = 由于此处已有 5 分钟没有任何操作，你输入的机密已擦除。请重新输入；其他内容均仍保留。
# The page was left and came back.
secret-absence-left = 你离开此页面时，输入的机密已擦除。请重新输入；其他内容均仍保留。

## Pasting, before what reads it is there

# Label of the place to paste into.
paste-label = 粘贴连接字符串
# What can be pasted.
paste-hint = 或拖入文件：ADO.NET、ODBC、JDBC、URL、libpq、Oracle 或链接服务的 JSON。其内容将填入下面的字段。
# Something was typed there.
paste-only-pasted = 此处不能键入：请按 Ctrl+V 或 ⌘V 粘贴。
# The module did not come.
paste-unavailable = 读取所需的程序未能加载。请重新粘贴。
# The module that reads them is at work.
key-reading = 正在检查密钥文件…
# It did not come.
key-unavailable = 未检查：读取密钥文件所需的程序未能加载。请重试，或按原样保存。

## Lists of names in a sentence

# A name in a list.
list-quoted = “{ $name }”
# Between two names.
list-between = {"、"}
# Between the last two.
list-last = {"和"}
