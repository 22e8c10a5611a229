#!/usr/bin/env python3
"""Fetches one credential from the gateway of this machine. Standard library only.

    credential.py SOCKET DATA_FACTORY LINKED_SERVICE [VERSION]

Prints the connection string. Exits with 1 and the gateway's reason if there is none.
"""

import json
import socket
import sys


class CredentialProblem(Exception):
    """The gateway gives no credential; `code` is its reason, such as "not_found"."""

    def __init__(self, code, title):
        super().__init__(f"{title} ({code})")
        self.code = code


def credential(path, df, ls, version=None, patience=30):
    """The credential of a linked service: kind, auth, version, properties, secrets, connection_string."""
    request = {"v": 1, "df": df, "ls": ls}
    if version is not None:
        request["version"] = version
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as gateway:
        gateway.settimeout(patience)
        gateway.connect(path)
        try:
            gateway.sendall(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            pass  # Refused before anything was read: the answer says why.
        with gateway.makefile("rb") as answers:
            line = answers.readline()
    answer = json.loads(line)
    if "problem" in answer:
        raise CredentialProblem(answer["problem"]["code"], answer["problem"]["title"])
    return answer


def main(arguments):
    if len(arguments) not in (3, 4):
        sys.exit(__doc__)
    path, df, ls = arguments[:3]
    version = int(arguments[3]) if len(arguments) == 4 else None
    try:
        answer = credential(path, df, ls, version)
    except (CredentialProblem, OSError, ValueError) as problem:
        sys.exit(f"credential.py: {problem}")
    sys.stdout.buffer.write(answer["connection_string"].encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
