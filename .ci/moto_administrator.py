"""Makes an administrator in a moto server and lets it check signatures and policies from then on.

Prints the access key and the secret key of the administrator, with a space between them.
"""

import json
import sys
import urllib.request

import boto3


def main(endpoint: str) -> None:
    iam = boto3.client(
        "iam",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="open",
        aws_secret_access_key="open",
    )
    iam.create_user(UserName="administrator")
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.put_user_policy(
        UserName="administrator",
        PolicyName="administrator",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    key = iam.create_access_key(UserName="administrator")["AccessKey"]
    shut = urllib.request.Request(
        f"{endpoint}/moto-api/reset-auth",
        data=b"0",
        headers={"Content-Type": "text/plain"},
    )
    urllib.request.urlopen(shut).read()
    print(key["AccessKeyId"], key["SecretAccessKey"])


if __name__ == "__main__":
    main(sys.argv[1])
