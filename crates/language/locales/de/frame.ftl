### What only the page in a portal's frame says. It stands in that document.

# Nobody has introduced themselves to the frame: it is not in a portal, or not in the one that the ticket is for.
unframed = Diese Seite funktioniert nur innerhalb eines Portals, das bei diesem Gateway registriert ist. Gehen Sie zu Ihrem Portal zurück und beginnen Sie dort noch einmal.
# A button of the form was pressed while not all of it was in plain sight.
covered = Es wurde nichts gesendet, weil etwas über diesem Formular liegt oder es sich gerade verschoben hat. Sorgen Sie dafür, dass Sie es ganz sehen, und klicken Sie dann noch einmal auf die Schaltfläche.
