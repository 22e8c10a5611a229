"""Makes or opens envelopes with PyPI `jwcrypto`. Request on stdin, answer on stdout, both JSON."""

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


def seal_otherwise(request):
    """The same with what the profile excludes."""
    (key,) = JWKSet.from_json(request["keys"])
    numbers = key.export(as_dict=True, private_key=False)
    rsa = JWK(**{name: numbers[name] for name in ("kty", "n", "e")})
    secret = JWK.generate(kty="oct", size=256)
    envelopes = []
    for recipient, members in [
        (rsa, {"zip": "DEF"}),
        (secret, {"alg": "PBES2-HS256+A128KW"}),
        (secret, {"alg": "dir"}),
        (rsa, {"alg": "RSA1_5"}),
        (rsa, {"alg": "RSA-OAEP"}),
        (JWK.generate(kty="EC", crv="P-256"), {"alg": "ECDH-ES"}),
        (rsa, {"enc": "A256CBC-HS512"}),
    ]:
        header = {**json.loads(request["header"]), **members}
        envelope = JWE(
            base64.b64decode(request["plaintext"]),
            # In the profile's own spelling: nothing but the members is wrong.
            protected=json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
            algs=[header["alg"], header["enc"]],
            header_registry=UNDERSTOOD,
        )
        envelope.add_recipient(recipient)
        envelopes.append({"members": members, "envelope": envelope.serialize(compact=True)})
    return envelopes


request = json.load(sys.stdin)
print(json.dumps({"seal": seal, "open": open_envelope, "sealOtherwise": seal_otherwise}[request["do"]](request)))
