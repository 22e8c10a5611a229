"""A folder of SecantusDB with databases and accounts; the server that made it has ended."""

import sys

from pymongo import MongoClient
from secantus import SecantusDBServer

FOLDER, PASSWORD = sys.argv[1:]

with SecantusDBServer(storage_path=FOLDER) as server:
    client = MongoClient(server.uri)
    client["shop"]["orders"].insert_one({"_id": 1})
    client["private"]["papers"].insert_one({"_id": 1})

    def account(name, roles, **more):
        client["users"].command("createUser", name, pwd=PASSWORD, roles=roles, **more)

    # The second role is the one that lists databases here; MongoDB itself tells everybody the databases that they may use.
    everywhere = [{"role": role, "db": "admin"} for role in ("readAnyDatabase", "clusterMonitor")]
    account("ann", [{"role": "read", "db": "shop"}])
    account("old", [{"role": "read", "db": "shop"}], mechanisms=["SCRAM-SHA-1"])
    account("new", [{"role": "read", "db": "shop"}], mechanisms=["SCRAM-SHA-256"])
    account("everywhere", everywhere)
    account("nobody", [])
    client["users"].command("createUser", "odd", pwd="correct\u00a0horse\u00ad", roles=everywhere)
    client.close()
