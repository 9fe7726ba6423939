import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checksumOf, contentOf } from "../../../../src/resources/access_key/secret_content.ts";
import { InvalidSpecError } from "../../../../src/resources/spec.ts";

const FACTS = {
  accessKeyId: "AKID",
  secretAccessKey: "a/b+c&<d>=",
  endpoint: "http://s3.example.com:9000",
  region: "eu-1",
  bucket: "data",
  userName: "app",
};

Deno.test("the predecessor's two entries cannot be changed by a template", () => {
  const entries = contentOf({ data: { "access-key-id": "x", "secret-access-key": "y" } }, FACTS);
  assertEquals([entries["access-key-id"], entries["secret-access-key"]], ["AKID", "a/b+c&<d>="]);
  assertEquals([entries["endpoint"], entries["region"], entries["bucket"]], [
    FACTS.endpoint,
    "eu-1",
    "data",
  ]);
});

Deno.test("a template gets values as they are, not as HTML has them", () => {
  const data = { url: "{{accessKeyId}}:{{secretAccessKey}}@{{host}}/{{bucket}}{{missing}}" };
  assertEquals(contentOf({ data }, FACTS)["url"], "AKID:a/b+c&<d>=@s3.example.com:9000/data");
});

Deno.test("a template that cannot be read, and a name that no entry has, are told by field", () => {
  const broken = assertThrows(
    () => contentOf({ data: { url: "{{#a}}" } }, FACTS),
    InvalidSpecError,
  );
  assertStringIncludes(broken.message, "spec.secret.data.url");
  const named = assertThrows(() => contentOf({ data: { "a b": "" } }, FACTS), InvalidSpecError);
  assertStringIncludes(named.message, `"a b"`);
});

Deno.test("each format has the names that its programs read", () => {
  const names = (format: "aws-env" | "aws-credentials-file" | "rclone" | "s3cmd" | "obc") =>
    Object.keys(contentOf({ format }, FACTS));
  assert(names("aws-env").includes("AWS_SECRET_ACCESS_KEY"));
  assert(names("aws-credentials-file").includes("credentials"));
  assert(names("rclone").includes("rclone.conf"));
  assert(names("s3cmd").includes(".s3cfg"));
  const claim = contentOf({ format: "obc" }, FACTS);
  assertEquals([claim["BUCKET_HOST"], claim["BUCKET_PORT"], claim["BUCKET_NAME"]], [
    "s3.example.com",
    "9000",
    "data",
  ]);
});

Deno.test("the checksum changes with the entries, not with their order", () => {
  assertEquals(checksumOf({ a: "1", b: "2" }), checksumOf({ b: "2", a: "1" }));
  assert(checksumOf({ a: "1" }) !== checksumOf({ a: "2" }));
});
