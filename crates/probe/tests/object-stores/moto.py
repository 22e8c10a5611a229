"""Accounts of a moto server: prints one line of JSON with their keys, and has every question signed from then on."""

import json
import sys
import urllib.request

import boto3

ADDRESS = sys.argv[1]
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
DENIED = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
ONE_BUCKET = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}],
}

common = {"endpoint_url": ADDRESS, "region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
iam = boto3.client("iam", **common)
boto3.client("s3", **common).create_bucket(Bucket="sales")


def account(name, policy):
    iam.create_user(UserName=name)
    if policy:
        iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return [key["AccessKeyId"], key["SecretAccessKey"]]


keys = {
    "ann": account("ann", ANYTHING),
    "one": account("one", ONE_BUCKET),
    "nobody": account("nobody", None),
    "denied": account("denied", DENIED),
}
question = urllib.request.Request(ADDRESS + "/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST")
urllib.request.urlopen(question, timeout=30).read()
print(json.dumps(keys))
