/**
 * The IAM operations on the embedded service.
 */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { startSandboxIam } from "../../../src/sandbox/iam/server.ts";
import { startSandboxS3 } from "../../../src/sandbox/s3/server.ts";
import { systemClock } from "../../../src/ops/clock.ts";
import type { ConnectionSettings } from "../../../src/wasabi/connection_settings.ts";
import { ProviderError } from "../../../src/wasabi/error.ts";
import * as users from "../../../src/wasabi/iam.ts";
import * as keys from "../../../src/wasabi/iam_access_keys.ts";
import * as policies from "../../../src/wasabi/iam_policies.ts";
import { NoIamEndpointError } from "../../../src/wasabi/iam_session.ts";
import * as userPolicies from "../../../src/wasabi/iam_user_policies.ts";
import { settingsFor, startSession } from "./fixture.ts";

const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});

async function startIam(overrides: Partial<ConnectionSettings> = {}) {
  const s3 = await startSandboxS3({ clock: systemClock });
  const service = await startSandboxIam({ directory: s3.state.directory });
  const { accessKeyId, secretAccessKey } = s3;
  const own = startSession(settingsFor(s3.url, {
    credentials: { accessKeyId, secretAccessKey },
    iam: { endpoint: service.url, region: "us-east-1" },
    ...overrides,
  }));
  return {
    ...own,
    service,
    iam: { session: own.session, signal: own.stop.signal },
    async [Symbol.asyncDispose]() {
      own.session.close();
      await service.stop();
      await s3.stop();
    },
  };
}

function kindOf(error: unknown): string {
  return error instanceof ProviderError ? error.kind : String(error);
}

Deno.test("a user is made, found, and gone; a second one of its name is refused", async () => {
  await using stage = await startIam();
  const { iam } = stage;
  assertEquals(await users.getUser(iam, "app"), undefined);
  const made = await users.createUser(iam, "app");
  assertEquals(await users.getUser(iam, "app"), made);
  assertMatch(made.arn, /:user\/app$/);
  const error = await assertRejects(() => users.createUser(iam, "app"), ProviderError);
  assertEquals([error.kind, error.code], ["AlreadyExists", "EntityAlreadyExists"]);
  await users.deleteUser(iam, "app");
  await users.deleteUser(iam, "app");
  assertEquals(await users.getUser(iam, "app"), undefined);
});

Deno.test("the account's number is learnt by one call, which is made anew when it failed", async () => {
  await using stage = await startIam();
  const { session, stop } = stage;
  stage.service.faults.inject({
    match: { operation: "GetUser" },
    effect: { kind: "error", status: 500, code: "ServiceFailure" },
  });
  await assertRejects(() => users.accountId(session, stop.signal), ProviderError);
  const all = await Promise.all([1, 2, 3].map(() => users.accountId(session, stop.signal)));
  assertEquals(new Set(all).size, 1);
  assertMatch(all[0]!, /^\d+$/);
  assertEquals(stage.service.requests.entries.length, 2);
});

Deno.test("a third key is a limit that is no throttling, and is not asked for twice", async () => {
  await using stage = await startIam({
    retry: { maxAttempts: 3, backoffStrategy: "exponential" },
  });
  const { iam } = stage;
  await users.createUser(iam, "app");
  const first = await keys.createAccessKey(iam, "app");
  await keys.createAccessKey(iam, "app");
  stage.service.requests.clear();
  const error = await assertRejects(() => keys.createAccessKey(iam, "app"), ProviderError);
  assertEquals([error.kind, error.transient], ["LimitExceeded", false]);
  assertEquals(stage.service.requests.entries.length, 1);
  await keys.updateAccessKey(iam, "app", { accessKeyId: first.accessKeyId, active: false });
  const listed = await keys.listAccessKeys(iam, "app");
  const inactive = listed?.filter(({ active }) => !active).map((key) => key.accessKeyId);
  assertEquals([listed?.length, inactive], [2, [first.accessKeyId]]);
  assert(Math.abs(listed![0]!.createdAtMs - Date.now()) < 60_000);
  await keys.deleteAccessKey(iam, "app", first);
  await keys.deleteAccessKey(iam, "app", first);
  assertEquals((await keys.listAccessKeys(iam, "app"))?.length, 1);
  assertEquals(await keys.listAccessKeys(iam, "nobody"), undefined);
});

Deno.test("an inline policy comes back as JSON, however the service encodes it", async () => {
  await using stage = await startIam();
  const { iam } = stage;
  await users.createUser(iam, "app");
  const policy = { userName: "app", policyName: "app-policy" };
  assertEquals(await userPolicies.getUserPolicy(iam, policy), undefined);
  await userPolicies.putUserPolicy(iam, policy, { document: DOCUMENT });
  assertEquals(await userPolicies.getUserPolicy(iam, policy), DOCUMENT);
  assertEquals(await userPolicies.listUserPolicies(iam, "app"), ["app-policy"]);
  const conflict = await assertRejects(() => users.deleteUser(iam, "app"), ProviderError);
  assertEquals(conflict.kind, "DeleteConflict");
  await userPolicies.deleteUserPolicy(iam, policy);
  await userPolicies.deleteUserPolicy(iam, policy);
  assertEquals(userPolicies.decodeDocument(encodeURIComponent(DOCUMENT)), DOCUMENT);
  assertEquals(userPolicies.decodeDocument(` ${DOCUMENT}\n`), DOCUMENT);
  assertEquals(userPolicies.decodeDocument("100%"), "100%");
});

Deno.test("a managed policy is made, changed by version, attached, and gone", async () => {
  await using stage = await startIam();
  const { iam } = stage;
  const made = await policies.createPolicy(iam, "reader", { document: DOCUMENT, description: "d" });
  const { arn } = made;
  assertEquals((await policies.getPolicy(iam, arn))?.defaultVersionId, "v1");
  await policies.createPolicyVersion(iam, arn, { document: DOCUMENT });
  const versions = await policies.listPolicyVersions(iam, arn);
  assertEquals(versions.filter(({ isDefault }) => isDefault).map((v) => v.versionId), ["v2"]);
  assertEquals(await policies.getPolicyVersion(iam, arn, { versionId: "v2" }), DOCUMENT);
  await users.createUser(iam, "app");
  await userPolicies.attachUserPolicy(iam, "app", { policyArn: arn });
  assertEquals(await userPolicies.listAttachedUserPolicies(iam, "app"), [arn]);
  assertEquals((await policies.listEntitiesForPolicy(iam, arn)).users, ["app"]);
  await userPolicies.detachUserPolicy(iam, "app", { policyArn: arn });
  await policies.deletePolicyVersion(iam, arn, { versionId: "v1" });
  await policies.deletePolicy(iam, arn);
  assertEquals(await policies.getPolicy(iam, arn), undefined);
});

Deno.test("what the service lacks is told as unsupported", async () => {
  await using stage = await startIam();
  await users.createUser(stage.iam, "app");
  assertEquals(kindOf(await users.listUserTags(stage.iam, "app").catch((e) => e)), "Unsupported");
  assertEquals(await users.listGroupsForUser(stage.iam, "app"), []);
  assertEquals(await users.hasLoginProfile(stage.iam, "app"), false);
  await users.deleteLoginProfile(stage.iam, "app");
});

Deno.test("a key that IAM does not know is a wrong key", async () => {
  await using stage = await startIam({
    credentials: { accessKeyId: "NOBODY", secretAccessKey: "x" },
  });
  assertEquals(kindOf(await users.getUser(stage.iam, "app").catch((e) => e)), "WrongKey");
});

Deno.test("without an IAM endpoint the error says what to set", async () => {
  using own = startSession(settingsFor("http://127.0.0.1:1"));
  const iam = { session: own.session, signal: own.stop.signal };
  const error = await assertRejects(() => users.getUser(iam, "app"), NoIamEndpointError);
  assertEquals(error.message, "The Provider names no IAM endpoint: set spec.iamEndpoint");
});

Deno.test("an S3 service at the IAM endpoint is no IAM", async () => {
  const s3 = await startSandboxS3({ clock: systemClock });
  const { accessKeyId, secretAccessKey } = s3;
  using own = startSession(settingsFor(s3.url, {
    credentials: { accessKeyId, secretAccessKey },
    iam: { endpoint: s3.url, region: "us-east-1" },
  }));
  const iam = { session: own.session, signal: own.stop.signal };
  const error = await assertRejects(() => users.getUser(iam, "app"), ProviderError);
  assert(!["NotFound", "AccessDenied"].includes(error.kind), error.kind);
  await s3.stop();
});

Deno.test("a key whose making got no answer was made once, also after other calls", async () => {
  await using stage = await startIam({
    retry: { maxAttempts: 3, backoffStrategy: "exponential" },
  });
  const { iam, service } = stage;
  await users.createUser(iam, "app");
  await keys.listAccessKeys(iam, "app");
  service.faults.inject({
    match: { operation: "CreateAccessKey" },
    effect: { kind: "lostAnswer" },
  });
  await assertRejects(() => keys.createAccessKey(iam, "app"), ProviderError);
  assertEquals((await keys.listAccessKeys(iam, "app"))?.length, 1);
});

Deno.test("an operation that the service does not have is asked for once in a session's life", async () => {
  await using stage = await startIam();
  const { iam, service } = stage;
  await users.createUser(iam, "app");
  const tag = () => users.tagUser(iam, "app", { tags: { team: "storage" } });
  assertEquals(kindOf(await assertRejects(tag)), "Unsupported");
  assertEquals(kindOf(await assertRejects(tag)), "Unsupported");
  assertEquals(service.requests.of("TagUser").length, 1);
});
