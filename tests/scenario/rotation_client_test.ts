/**
 * An application that reads its Secret again and again and signs requests all the time sees no
 * failure through 50 rotations, while each change of IAM takes up to 30 s to hold.
 *
 * All times are a sixtieth of what they mean: 30 s are half a second, and the ten minutes for
 * which a replaced key stays valid at least are shortened to 54 s, which leaves less room.
 */
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { anAccessKey, aUser } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { pairIn, type SecretPair } from "./access_keys.ts";
import { type Embedded, embeddedTest } from "./embedded.ts";
import type { Stage } from "./stage.ts";

const ROTATIONS = 50;
const SLOWNESS = 60;
const LONGEST_PROPAGATION_MS = 30_000 / SLOWNESS;
const ROTATE = "s3.cloud37.dev/rotate-requested-at";
const timing = { overlapFloorMs: 900, inactiveMs: 50, verifyPollMs: 40, dayMs: 1 };

embeddedTest(
  "a client sees no failure through 50 rotations while IAM is slow",
  async (stage, embedded) => {
    const { cluster, operate, provide, bucketName } = stage;
    await operate({ driftIntervalMs: 60_000, keyTiming: timing });
    await provide();
    const policy = { statement: [{ effect: "Allow", action: ["s3:*"], resource: ["*"] }] };
    await cluster.apply(aUser("user", { name: bucketName("app"), policy }), anAccessKey("key"));
    await cluster.untilCondition("AccessKey", "key", { status: "True" });
    const stop = new AbortController();
    const weather = varyPropagation(embedded, stop.signal);
    const client = useSecret(stage, stop.signal);
    const seen = new Set([(await pairIn(stage, "key-credentials"))!.id]);
    for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
      // Each rotation is asked for once the one before it is over.
      // deno-lint-ignore no-await-in-loop
      seen.add((await rotateOnce(stage, rotation)).id);
    }
    stop.abort();
    await weather;
    const { requests, failures } = await client;
    assertEquals(failures, []);
    assertEquals(seen.size, ROTATIONS + 1, "every rotation made another key");
    assert(requests > 20 * ROTATIONS, `only ${requests} requests were made`);
  },
);

async function rotateOnce(stage: Stage, rotation: number): Promise<SecretPair> {
  const before = await pairIn(stage, "key-credentials");
  const annotations = { [ROTATE]: `rotation ${rotation}` };
  await stage.cluster.patch("AccessKey", "key", { metadata: { annotations } });
  return await eventually(async () => {
    const pair = await pairIn(stage, "key-credentials");
    const { status } = await stage.cluster.get("AccessKey", "key");
    assertNotEquals(pair?.id, before?.id);
    assertEquals(status.accessKeyId, pair?.id);
    return pair!;
  }, { intervalMs: 20 });
}

/** Each change of IAM takes another time to hold. */
async function varyPropagation({ s3 }: Embedded, stop: AbortSignal): Promise<void> {
  for (let turn = 0; !stop.aborted; turn++) {
    s3.state.directory.propagationMs = LONGEST_PROPAGATION_MS * ((turn * 7) % 11) / 10;
    // deno-lint-ignore no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 23));
  }
  s3.state.directory.propagationMs = 0;
}

/** Reads the Secret every "second", and signs a request as often as the machine allows. */
async function useSecret(stage: Stage, stop: AbortSignal) {
  const failures: string[] = [];
  let requests = 0;
  let pair = (await pairIn(stage, "key-credentials"))!;
  let client = clientOf(stage, pair);
  let readAt = performance.now();
  while (!stop.aborted) {
    if (performance.now() - readAt >= 1_000 / SLOWNESS) {
      // deno-lint-ignore no-await-in-loop
      const found = (await pairIn(stage, "key-credentials"))!;
      readAt = performance.now();
      if (found.id !== pair.id) {
        client.destroy();
        pair = found;
        client = clientOf(stage, pair);
      }
    }
    try {
      // deno-lint-ignore no-await-in-loop
      await client.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    } catch (error) {
      failures.push(`request ${requests} with ${pair.id}: ${(error as Error).name}`);
    }
    requests++;
  }
  client.destroy();
  return { requests, failures };
}

function clientOf({ theatre }: Stage, { id, secret }: SecretPair): S3Client {
  return new S3Client({
    endpoint: theatre.cloud.url,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: id, secretAccessKey: secret },
  });
}

embeddedTest(
  "the slow IAM of that test really is slow: a new key does not work at once",
  async (stage, { s3 }) => {
    const { iam, bucketName } = stage;
    s3.state.directory.propagationMs = LONGEST_PROPAGATION_MS;
    const name = bucketName("slow");
    await iam.createUser(name);
    const key = await iam.createKey(name);
    assertEquals(await iam.works(key), false);
    await eventually(async () => assert(await iam.works(key)));
  },
);
