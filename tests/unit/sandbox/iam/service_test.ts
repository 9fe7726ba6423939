import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  ListUsersCommand,
  TagUserCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { assertEquals, assertStringIncludes } from "@std/assert";

import { FakeClock } from "../../../support/fake_clock.ts";
import { refusalOf } from "../s3/fixture.ts";
import { allow, type IamFixture, type KeyPair, startIamFixture } from "./fixture.ts";

const UserName = "eve";

/** What a client without the SDK posts; boto3 sends no x-amz-content-sha256. */
async function post(
  { iam }: IamFixture,
  { credentials, service, form }: {
    readonly credentials: KeyPair;
    readonly service: "iam" | "sts";
    readonly form: Record<string, string>;
  },
): Promise<string> {
  const body = new URLSearchParams(form).toString();
  const { host, hostname } = new URL(iam.url);
  const signer = new SignatureV4({
    service,
    region: "us-east-1",
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const headers = { host, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const request = { method: "POST", protocol: "http:", hostname, path: "/", headers, body };
  const signed = await signer.sign(request);
  return await (await fetch(iam.url, { method: "POST", headers: signed.headers, body })).text();
}

Deno.test("STS says who signs, for users without any right too", async () => {
  await using fixture = await startIamFixture();
  const form = { Action: "GetCallerIdentity", Version: "2011-06-15" };
  const eve = await fixture.addUser(UserName);
  const asUser = await post(fixture, { credentials: eve, service: "sts", form });
  const asRoot = await post(fixture, { credentials: fixture.s3, service: "sts", form });
  const { accountId } = fixture;
  assertStringIncludes(asUser, `<Arn>arn:aws:iam::${accountId}:user/eve</Arn>`);
  assertStringIncludes(asRoot, `<Arn>arn:aws:iam::${accountId}:root</Arn>`);
  assertStringIncludes(asRoot, `<Account>${accountId}</Account>`);
  const other = await post(fixture, { credentials: eve, service: "iam", form });
  assertStringIncludes(other, "<Code>SignatureDoesNotMatch</Code>");
});

Deno.test("a body without a hash header is signed all the same", async () => {
  await using fixture = await startIamFixture();
  const credentials = fixture.s3;
  const form = { Action: "CreateUser", Version: "2010-05-08", UserName: "a+b=c@d" };
  const answer = await post(fixture, { credentials, service: "iam", form });
  assertStringIncludes(answer, "<UserName>a+b=c@d</UserName>");
});

Deno.test("what Wasabi does not have is an invalid action, what the sandbox lacks is 501", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  await client.send(new CreateUserCommand({ UserName }));
  const Tags = [{ Key: "a", Value: "b" }];
  const tag = await refusalOf(client.send(new TagUserCommand({ UserName, Tags })));
  const update = await refusalOf(client.send(new UpdateUserCommand({ UserName, NewPath: "/a/" })));
  const tagged = await refusalOf(client.send(new CreateUserCommand({ UserName: "adam", Tags })));
  assertEquals([tag.name, tag.status], ["InvalidAction", 400]);
  assertEquals([update.name, update.status], ["NotImplemented", 501]);
  assertEquals([tagged.name, tagged.status], ["NotImplemented", 501]);
});

Deno.test("a parameter of another form is refused", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const calls: readonly Promise<unknown>[] = [
    client.send(new CreateUserCommand({ UserName: "with space" })),
    client.send(new CreateUserCommand({ UserName, Path: "no-slash" })),
    client.send(new ListUsersCommand({ MaxItems: 1_001 })),
    client.send(new ListUsersCommand({ Marker: "=a" })),
  ];
  const refusals = await Promise.all(calls.map(refusalOf));
  assertEquals(refusals.map(({ name }) => name), Array(4).fill("ValidationError"));
  const missing = await post(fixture, {
    credentials: fixture.s3,
    service: "iam",
    form: { Action: "CreateUser", Version: "2010-05-08" },
  });
  assertStringIncludes(missing, "<Code>ValidationError</Code>");
});

Deno.test("each way to sign wrongly has its own code", async () => {
  const clock = new FakeClock(Date.now());
  await using fixture = await startIamFixture({ clock });
  const { accessKeyId, secretAccessKey } = fixture.s3;
  const ask = (pair: KeyPair, region?: string) =>
    refusalOf(fixture.connect(pair, region).send(new GetUserCommand({})));
  const unknown = await ask({ accessKeyId: "AKIANOBODY", secretAccessKey });
  const secret = await ask({ accessKeyId, secretAccessKey: "wrong" });
  const region = await ask({ accessKeyId, secretAccessKey }, "eu-west-1");
  assertEquals([unknown.name, unknown.status], ["InvalidClientTokenId", 403]);
  assertEquals([secret.name, secret.status], ["SignatureDoesNotMatch", 403]);
  assertEquals([region.name, region.status], ["SignatureDoesNotMatch", 403]);
  const unsigned = await fetch(fixture.iam.url, { method: "POST", body: "Action=GetUser" });
  assertEquals(unsigned.status, 403);
  assertStringIncludes(await unsigned.text(), "<Code>MissingAuthenticationToken</Code>");
  await clock.advance(16 * 60_000);
  const skewed = await ask({ accessKeyId, secretAccessKey });
  assertEquals([skewed.name, skewed.status], ["RequestTimeTooSkewed", 403]);
});

Deno.test("a user may call what its policy allows, on what it allows", async () => {
  await using fixture = await startIamFixture();
  const { accountId } = fixture;
  const pattern = `arn:aws:iam::${accountId}:user/app-*`;
  const pair = await fixture.addUser("operator", allow("iam:*", pattern));
  const client = fixture.connect(pair);
  await client.send(new CreateUserCommand({ UserName: "app-a" }));
  await client.send(new CreateAccessKeyCommand({ UserName: "app-a" }));
  const other = await refusalOf(client.send(new CreateUserCommand({ UserName })));
  const list = await refusalOf(client.send(new ListUsersCommand({})));
  const self = await refusalOf(client.send(new GetUserCommand({})));
  assertEquals([other.name, other.status], ["AccessDenied", 403]);
  assertEquals([list.name, self.name], ["AccessDenied", "AccessDenied"]);
  assertStringIncludes(String(other.error["message"]), `user/operator is not authorized`);
});

Deno.test("faults meet IAM's calls by action and user, and the log has both", async () => {
  await using fixture = await startIamFixture();
  const { client, iam } = fixture;
  iam.faults.inject({
    match: { operation: "CreateUser", userName: UserName },
    effect: { kind: "error", status: 503, code: "ServiceUnavailable" },
  });
  iam.faults.inject({ match: { operation: "GetUser" }, effect: { kind: "lostAnswer" } });
  iam.faults.inject({ match: { operation: "ListUsers" }, effect: { kind: "truncated" } });
  await client.send(new CreateUserCommand({ UserName: "adam" }));
  const refused = await refusalOf(client.send(new CreateUserCommand({ UserName })));
  const lost = await refusalOf(client.send(new GetUserCommand({ UserName: "adam" })));
  const cut = await refusalOf(client.send(new ListUsersCommand({})));
  assertEquals([refused.name, refused.status], ["ServiceUnavailable", 503]);
  assertEquals([lost.status, cut.name === ""], [undefined, false]);
  assertEquals(iam.requests.of("CreateUser").map(({ userName, status }) => [userName, status]), [
    ["adam", 200],
    [UserName, 503],
  ]);
});
