### What is said of a test of the credential. Served to whoever tests one.

## The report

# Heads the report of a test that passed.
test-passed = The connection test passed
# The form was edited since.
test-outdated = You have changed the form since: this is about what it said then.
# A stage and how it ended.
test-stage = { $stage }: { $result }
# How long a stage took.
test-milliseconds = { $count } ms

## The stages

stage-policy = Destination allowed
stage-resolve = Name lookup
stage-connect = Connection
stage-tls = Encryption
stage-authenticate = Sign-in
stage-authorise = Permission
stage-query = Query

## How a stage ended

result-passed = passed
result-failed = failed
result-skipped = skipped

## What the data store said and showed

# Label: the data store's own code.
store-code = Code, from the data store
# Label: the data store's own words.
store-said = Words, from the data store
# Label: whom the certificate names.
certificate-subject = Certificate for
# Label: who signed it.
certificate-issuer = Issued by
# Label: when it ends.
certificate-until = Valid until
# Trusts it from now on.
trust-certificate = Trust this certificate
# When to do that.
trust-certificate-hint = Only if the data store's administrator tells you the same SHA-256. It is trusted for this linked service and no other.

## What went wrong before the first stage

trouble-tests-off = The gateway makes no tests
    .advice = Nothing was tested or stored. Reload the page with a new link.
