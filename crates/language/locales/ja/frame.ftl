### What only the page in a portal's frame says. It stands in that document.

# Nobody has introduced themselves to the frame: it is not in a portal, or not in the one that the ticket is for.
unframed = このページは、このゲートウェイに登録されたポータルの中でのみ機能します。ポータルに戻り、そこからもう一度始めてください。
# A button of the form was pressed while not all of it was in plain sight.
covered = 何かがこのフォームに重なっているか、フォームが移動した直後のため、何も送信されていません。フォーム全体が見えることを確認してから、ボタンをもう一度押してください。
