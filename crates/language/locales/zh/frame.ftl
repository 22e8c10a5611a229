### What only the page in a portal's frame says. It stands in that document.

# Nobody has introduced themselves to the frame: it is not in a portal, or not in the one that the ticket is for.
unframed = 此页面只能在已向此网关注册的门户中使用。请返回您的门户，从那里重新开始。
# A button of the form was pressed while not all of it was in plain sight.
covered = 未发送任何内容，因为有内容遮挡了此表单，或表单刚刚移动过。请确保您能看到整个表单，然后再次按下按钮。
