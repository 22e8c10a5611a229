### What went wrong, in a few words, and what to do about it.

trouble-no-ticket = This page needs a link with a ticket
    .advice = Press “Set credential” in your portal, or ask the gateway's administrator for a link. A link works once, for about ten minutes, and only as a whole: a reloaded page has lost its ticket.
trouble-malformed-ticket = The link is damaged
    .advice = Copy the whole link again, from https to the last character, or get a new one.
trouble-wrong-operation = This link is not for setting a credential
    .advice = Get a link for setting one: press “Set credential” in your portal or ask the gateway's administrator.
trouble-unknown-kind = This page does not know the kind of data store
    .advice = The ticket asks for “{ $name }”. Ask the gateway's administrator to update the gateway, or choose another kind in the portal.
trouble-wrong-gateway = The link is for another gateway
    .advice = Nothing can be saved here. Check in the portal which gateway the linked service uses and open the link again from there.
trouble-ticket-not-yet-valid = The ticket is not valid yet
    .advice = The clocks of the portal and the gateway differ. Wait a minute and press Save again; if that does not help, tell the gateway's administrator.
trouble-ticket-expired = The ticket has expired
    .advice = Get a new link and paste it here: what you typed stays in the form. Pressing “Set credential” in the portal again starts over.
trouble-ticket-used = The ticket has been used
    .advice = Look into the portal whether the credential is already stored, perhaps by an earlier attempt whose answer was lost. To store this one, get a new link and paste it here.
trouble-ticket-invalid = The gateway does not accept the ticket
    .advice = It may have expired, been used up by failed attempts, or come from a portal that may not set this linked service. Get a new link and paste it here; what you typed stays in the form.
trouble-other-linked-service = The pasted link is for something else
    .advice = It is for “{ $name }”. What you typed stays with this linked service: open the other link in a window of its own.
trouble-key-not-pinned = The gateway's key is not the one in your ticket
    .advice = Nothing was sealed or sent. If the gateway has changed its key, a new link helps: paste it here. If it happens again, somebody may be in between: tell the gateway's administrator.
trouble-identity-changed = This is not the gateway that you met before
    .advice = It has another identity key than on your last visit. Somebody may be in between. Nothing is sealed or sent, and nothing can be typed, until you have compared the words with the gateway's administrator, by telephone or in person.
trouble-key-refused = The gateway's key is not acceptable
    .advice = Nothing was sealed or sent. Tell the gateway's administrator what is written here.
trouble-key-rotated = The gateway has a new key
    .advice = Get a new link and paste it here: what you typed stays in the form. If the link is new, press Save again.
trouble-self-test = This browser computes wrongly
    .advice = A test of the encryption failed, so nothing can be typed or sealed here. Reload the page; if that does not help, use another browser or computer.
trouble-browser-too-old = This browser is too old
    .advice = It cannot check the signature of the gateway's keys, so nothing is sealed or sent. Open a new link in Chrome or Edge from version 137, Firefox from 129 or Safari from 17.
trouble-gateway-down = The gateway does not answer
    .advice = What you typed stays here. Check that the gateway is running and that you are on its network, then press Save again.
trouble-offline = This computer is offline
    .advice = What you typed stays here. Connect to the network or VPN and press Save again.
trouble-timed-out = The gateway took too long
    .advice = What you typed stays here. Press Save again: the same envelope is sent, so nothing is stored twice.
trouble-envelope-rejected = The gateway could not open the envelope
    .advice = Nothing was stored. Press Save again; if it fails again, get a new link. After five failures the ticket ends.
trouble-context-mismatch = The ticket and the envelope do not fit together
    .advice = Nothing was stored. Close this window and open the link again from the portal.
trouble-too-large = The credential is too long
    .advice = Nothing was sent. Shorten the longest field: usually a key file with more in it than the key.
    .limit = At most { $limit } bytes fit in, names included.
trouble-invalid-credential = The gateway refused the credential
    .advice = Nothing was stored. Check the fields and press Save again.
trouble-secret-required = The secret has to be typed again
    .advice = What is stored is for another destination or account by now, so the gateway does not keep its secret for this one. Nothing was stored. Type it and press Save.
trouble-test-failed = The connection test failed
    .advice = Nothing was stored. Correct the fields and press Save again.
trouble-test-required = The credential has to pass a connection test before it is stored
    .advice = Nothing was stored. Test the connection, then save.
trouble-tests-off = The gateway tests no connections
    .advice = Nothing was tried. Save without a test.
trouble-unknown-linked-service = The gateway does not know this linked service
    .advice = Check its name in the portal, and that the portal may use this gateway for it.
trouble-not-found = The gateway does not have this address
    .advice = The page and the gateway may be of different versions. Reload the page with a new link.
trouble-rate-limited = Too many attempts
    .advice = What you typed stays here. Wait a moment and press Save again.
    .pause = { $seconds ->
        [one] What you typed stays here. Wait { $seconds } second and press Save again.
       *[other] What you typed stays here. Wait { $seconds } seconds and press Save again.
    }
trouble-unavailable = The gateway is busy
    .advice = What you typed stays here. Wait a moment and press Save again.
    .pause = { $seconds ->
        [one] What you typed stays here. Wait { $seconds } second and press Save again.
       *[other] What you typed stays here. Wait { $seconds } seconds and press Save again.
    }
trouble-unexpected-answer = The gateway gave an answer that this page does not understand
    .advice = It was HTTP status { $status }. What you typed stays here. Press Save again; if that does not help, tell the gateway's administrator.
trouble-wrong-receipt = The receipt is for something else
    .advice = It is not known what was stored. Look into the portal, and tell the gateway's administrator.
trouble-not-sealed = The credential could not be sealed
    .advice = Nothing was sent. Reload the page with a new link; if that does not help, use another browser.
trouble-interrupted = Stopped
    .advice = What you typed stays here. Press Save again when you like: should the envelope have arrived already, the same one is sent, so nothing is stored twice.

## Findings about fields

# A rule that this page does not know yet.
rule-unknown = The gateway does not accept this ({ $code }).
