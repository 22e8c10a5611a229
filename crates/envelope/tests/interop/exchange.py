"""Makes or opens one envelope with PyPI `jwcrypto`. Request on stdin, answer on stdout, both JSON."""

import base64
import json
import sys

from cryptography.hazmat.primitives.serialization import load_der_private_key
from jwcrypto.common import JWSEHeaderParameter
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK, JWKSet

ALGORITHMS = ["RSA-OAEP-256", "A256GCM"]
# RFC 7516 section 4.1.13: the library must be told that `bind` is understood here.
UNDERSTOOD = {"bind": JWSEHeaderParameter("What the envelope is bound to", True, True, None)}


def seal(request):
    (key,) = JWKSet.from_json(request["keys"])
    envelope = JWE(
        base64.b64decode(request["plaintext"]),
        protected=request["header"],
        algs=ALGORITHMS,
        header_registry=UNDERSTOOD,
    )
    envelope.add_recipient(key)
    return {"envelope": envelope.serialize(compact=True), "thumbprint": key.thumbprint()}


def open_envelope(request):
    key = JWK.from_pyca(load_der_private_key(base64.b64decode(request["pkcs8"]), None))
    envelope = JWE(algs=ALGORITHMS, header_registry=UNDERSTOOD)
    envelope.deserialize(request["envelope"], key)
    plaintext = base64.b64encode(envelope.payload).decode()
    return {"plaintext": plaintext, "header": envelope.jose_header}


request = json.load(sys.stdin)
print(json.dumps({"seal": seal, "open": open_envelope}[request["do"]](request)))
