"""A life of bucket, versions, uploads, users, keys and policies, told as one line of JSON a step.

Arguments: address of S3, address of IAM; the key comes in AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY. What differs from run to run (ids, times, request ids) is left out or
replaced, so that the lines of two services can be compared.
"""

import json
import sys
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions

S3_URL, IAM_URL = sys.argv[1:3]
BUCKET = "life-" + uuid.uuid4().hex[:12]
USER = BUCKET + "-user"
POLICY = BUCKET + "-policy"
PART_BYTES = 5 * 1024 * 1024


def client(service, url, **key):
    config = botocore.config.Config(
        retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
    )
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", config=config, **key)


s3 = client("s3", S3_URL)
iam = client("iam", IAM_URL)
sts = client("sts", IAM_URL)


def told(value):
    text = json.dumps(value, default=str, sort_keys=True)
    return text.replace(BUCKET, "NAME")


def step(name, call, show=lambda answer: None):
    """Makes a call and tells what of its answer counts, or the code of its refusal."""
    try:
        shown = show(call())
    except botocore.exceptions.ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        shown = {"refused": error.response["Error"]["Code"], "status": status}
    print(told({"step": name, "answer": shown}), flush=True)


def until(call, wanted):
    """Repeats a call until it ends as wanted (None, or the code of a refusal), for five seconds."""
    for _ in range(50):
        code = None
        try:
            call()
        except botocore.exceptions.ClientError as error:
            code = error.response["Error"]["Code"]
        if code == wanted:
            break
        time.sleep(0.1)
    return {"code": code}


def life_of_bucket():
    step("create", lambda: s3.create_bucket(Bucket=BUCKET))
    step("head", lambda: s3.head_bucket(Bucket=BUCKET))
    step("head missing", lambda: s3.head_bucket(Bucket=BUCKET + "-missing"))
    step("location", lambda: s3.get_bucket_location(Bucket=BUCKET),
         lambda answer: answer["LocationConstraint"])
    step("listed", s3.list_buckets,
         lambda answer: BUCKET in [bucket["Name"] for bucket in answer["Buckets"]])
    step("no tags", lambda: s3.get_bucket_tagging(Bucket=BUCKET))
    tags = [{"Key": "team", "Value": "a"}]
    step("put tags", lambda: s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags}))
    step("tags", lambda: s3.get_bucket_tagging(Bucket=BUCKET), lambda answer: answer["TagSet"])
    step("delete tags", lambda: s3.delete_bucket_tagging(Bucket=BUCKET))
    step("no policy", lambda: s3.get_bucket_policy(Bucket=BUCKET))
    step("no cors", lambda: s3.get_bucket_cors(Bucket=BUCKET))
    step("no lifecycle", lambda: s3.get_bucket_lifecycle_configuration(Bucket=BUCKET))
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": "logs/"},
            "Expiration": {"Days": 100}}
    step("put lifecycle", lambda: s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]}))
    step("lifecycle", lambda: s3.get_bucket_lifecycle_configuration(Bucket=BUCKET),
         lambda answer: answer["Rules"])


def life_of_versions():
    versioned = {"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}
    step("never versioned", lambda: s3.get_bucket_versioning(Bucket=BUCKET),
         lambda answer: answer.get("Status"))
    step("put before", lambda: s3.put_object(Bucket=BUCKET, Key="a", Body=b"0"),
         lambda answer: answer["ETag"])
    step("enable", lambda: s3.put_bucket_versioning(**versioned))
    step("versioning", lambda: s3.get_bucket_versioning(Bucket=BUCKET),
         lambda answer: answer["Status"])
    for body in (b"1", b"2"):
        step("put", lambda body=body: s3.put_object(Bucket=BUCKET, Key="a", Body=body),
             lambda answer: [answer["ETag"], "VersionId" in answer])
    step("get", lambda: s3.get_object(Bucket=BUCKET, Key="a"),
         lambda answer: answer["Body"].read().decode())
    step("delete", lambda: s3.delete_object(Bucket=BUCKET, Key="a"),
         lambda answer: answer["DeleteMarker"])
    step("get deleted", lambda: s3.get_object(Bucket=BUCKET, Key="a"))
    step("versions", lambda: s3.list_object_versions(Bucket=BUCKET), lambda answer: [
        [[one["Key"], one["Size"], one["IsLatest"], one["VersionId"] == "null"]
         for one in answer["Versions"]],
        [[one["Key"], one["IsLatest"]] for one in answer["DeleteMarkers"]]])
    step("not empty", lambda: s3.delete_bucket(Bucket=BUCKET))
    step("suspend", lambda: s3.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}))


def life_of_uploads():
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="large", ContentType="text/plain")
    named = {"Bucket": BUCKET, "Key": "large", "UploadId": upload["UploadId"]}
    step("uploads", lambda: s3.list_multipart_uploads(Bucket=BUCKET), lambda answer: [
        [one["Key"], one["UploadId"] == named["UploadId"]] for one in answer["Uploads"]])
    parts = []
    for number, body in ((1, b"x" * PART_BYTES), (2, b"end")):
        answer = s3.upload_part(PartNumber=number, Body=body, **named)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    step("parts", lambda: parts, lambda answer: answer)
    step("complete", lambda: s3.complete_multipart_upload(
        MultipartUpload={"Parts": parts}, **named), lambda answer: answer["ETag"])
    step("head", lambda: s3.head_object(Bucket=BUCKET, Key="large"),
         lambda answer: [answer["ContentLength"], answer["ContentType"]])
    other = s3.create_multipart_upload(Bucket=BUCKET, Key="left")
    step("abort", lambda: s3.abort_multipart_upload(
        Bucket=BUCKET, Key="left", UploadId=other["UploadId"]))
    step("no uploads", lambda: s3.list_multipart_uploads(Bucket=BUCKET),
         lambda answer: answer.get("Uploads", []))


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def life_of_users():
    step("who", sts.get_caller_identity, lambda answer: sorted(
        name for name in answer if name != "ResponseMetadata"))
    step("create user", lambda: iam.create_user(UserName=USER),
         lambda answer: [answer["User"]["UserName"], answer["User"]["Path"]])
    step("create again", lambda: iam.create_user(UserName=USER))
    step("get missing", lambda: iam.get_user(UserName=USER + "-missing"))
    made = [iam.create_access_key(UserName=USER)["AccessKey"] for _ in range(2)]
    step("third key", lambda: iam.create_access_key(UserName=USER))
    step("keys", lambda: iam.list_access_keys(UserName=USER), lambda answer: sorted(
        one["Status"] for one in answer["AccessKeyMetadata"]))
    step("delete key", lambda: iam.delete_access_key(
        UserName=USER, AccessKeyId=made[1]["AccessKeyId"]))
    return made[0]


def life_of_policies(key):
    user = client("s3", S3_URL, aws_access_key_id=key["AccessKeyId"],
                  aws_secret_access_key=key["SecretAccessKey"])
    read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::{BUCKET}/large"}

    def get(name):
        return lambda: user.get_object(Bucket=BUCKET, Key=name)

    s3.put_object(Bucket=BUCKET, Key="small", Body=b"small")
    step("no right", lambda: until(get("small"), "AccessDenied"), lambda answer: answer)
    step("malformed", lambda: iam.put_user_policy(
        UserName=USER, PolicyName="inline", PolicyDocument="{"))
    step("inline", lambda: iam.put_user_policy(
        UserName=USER, PolicyName="inline", PolicyDocument=document(read, deny)))
    step("inline policy", lambda: iam.get_user_policy(UserName=USER, PolicyName="inline"),
         lambda answer: answer["PolicyDocument"])
    step("allowed", lambda: until(get("small"), None), lambda answer: answer)
    step("denied", lambda: until(get("large"), "AccessDenied"), lambda answer: answer)
    step("delete inline", lambda: iam.delete_user_policy(UserName=USER, PolicyName="inline"))
    step("taken back", lambda: until(get("small"), "AccessDenied"), lambda answer: answer)

    arn = iam.create_policy(PolicyName=POLICY, PolicyDocument=document(deny))["Policy"]["Arn"]
    step("new version", lambda: iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(read), SetAsDefault=True),
         lambda answer: answer["PolicyVersion"]["VersionId"])
    step("versions", lambda: iam.list_policy_versions(PolicyArn=arn), lambda answer: sorted(
        [one["VersionId"], one["IsDefaultVersion"]] for one in answer["Versions"]))
    step("attach", lambda: iam.attach_user_policy(UserName=USER, PolicyArn=arn))
    step("attached", lambda: iam.list_attached_user_policies(UserName=USER), lambda answer: [
        one["PolicyName"] for one in answer["AttachedPolicies"]])
    step("attached right", lambda: until(get("small"), None), lambda answer: answer)
    step("delete user too early", lambda: iam.delete_user(UserName=USER))
    step("detach", lambda: iam.detach_user_policy(UserName=USER, PolicyArn=arn))
    step("delete default version", lambda: iam.delete_policy_version(
        PolicyArn=arn, VersionId="v2"))
    step("delete version", lambda: iam.delete_policy_version(PolicyArn=arn, VersionId="v1"))
    step("delete policy", lambda: iam.delete_policy(PolicyArn=arn))
    step("delete key", lambda: iam.delete_access_key(
        UserName=USER, AccessKeyId=key["AccessKeyId"]))
    step("deleted key", lambda: until(get("small"), "InvalidAccessKeyId"), lambda answer: answer)
    step("delete user", lambda: iam.delete_user(UserName=USER))
    step("user gone", lambda: iam.get_user(UserName=USER))


def end_of_bucket():
    # moto cannot delete versions while versioning is suspended.
    step("enable again", lambda: s3.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}))
    listed = s3.list_object_versions(Bucket=BUCKET)
    found = listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
    step("empty", lambda: s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects}),
         lambda answer: [len(answer["Deleted"]), answer.get("Errors", [])])
    step("delete", lambda: s3.delete_bucket(Bucket=BUCKET))
    step("gone", lambda: s3.list_objects_v2(Bucket=BUCKET))


life_of_bucket()
life_of_versions()
life_of_uploads()
life_of_policies(life_of_users())
end_of_bucket()
