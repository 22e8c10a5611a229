### What only the page in a portal's frame says. It stands in that document.

# Nobody has introduced themselves to the frame: it is not in a portal, or not in the one that the ticket is for.
unframed = This page works only inside a portal that is registered with this gateway. Go back to your portal and start again from there.
# A button of the form was pressed while not all of it was in plain sight.
covered = Nothing was sent, because something lies over this form or it has just moved. Make sure that you can see all of it, then press the button again.
