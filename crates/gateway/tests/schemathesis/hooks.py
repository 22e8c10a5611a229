"""What Schemathesis is told about this gateway, beside its OpenAPI document."""

import itertools
import os

import schemathesis

# A ticket is good for one operation, and five rejected envelopes end it.
TICKETS = {
    method: itertools.cycle(os.environ[variable].split())
    for method, variable in (("PUT", "TICKETS_TO_SET"), ("DELETE", "TICKETS_TO_DELETE"))
}


@schemathesis.auth(refresh_interval=None)
class Ticket:
    def get(self, case, context):
        return next(TICKETS.get(case.method.upper(), TICKETS["PUT"]))

    def set(self, case, ticket, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {ticket}"


@schemathesis.serializer("application/jose")
def envelope(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
