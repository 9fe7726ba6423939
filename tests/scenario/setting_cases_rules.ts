/**
 * Settings that are lists of rules.
 */
import type { SettingCase } from "./setting_cases.ts";

const ROLE = "arn:aws:iam::123456789012:role/replication";

function replicationOf(name: string, status: string) {
  const rules = [{ id: "copies", status, destination: { bucket: `${name}-copies` } }];
  return { versioning: { enabled: true }, replication: { role: ROLE, rules } };
}

/** Lifecycle, CORS and replication. */
export const ruleCases: readonly SettingCase[] = [
  {
    field: "lifecycle",
    first: () => ({
      lifecycle: {
        rules: [
          { id: "old", prefix: "logs/", expiration: { days: 100 } },
          {
            id: "tagged",
            status: "Disabled",
            filter: { prefix: "tmp/", tags: { keep: "no", team: "a" } },
            expiration: { date: "2041-01-31" },
          },
          {
            id: "versions",
            expiration: { expiredObjectDeleteMarker: true },
            noncurrentVersionExpiration: { noncurrentDays: 90 },
          },
        ],
      },
    }),
    second: () => ({
      lifecycle: { rules: [{ id: "old", prefix: "logs/", expiration: { days: 200 } }] },
    }),
    empty: { lifecycle: { rules: [] } },
    seen: async ({ cloud }, name) => {
      const rules = await cloud.settings(name).lifecycle();
      return rules?.map(({ ID, Status, Expiration }) => [
        ID,
        Status,
        Expiration?.Days ?? Expiration?.Date?.toISOString().slice(0, 10) ?? "markers",
      ]).sort();
    },
    expected: () => ({
      first: [
        ["old", "Enabled", 100],
        ["tagged", "Disabled", "2041-01-31"],
        ["versions", "Enabled", "markers"],
      ],
      second: [["old", "Enabled", 200]],
      empty: undefined,
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setLifecycle([
        { ID: "old", Status: "Enabled", Filter: { Prefix: "logs/" }, Expiration: { Days: 1 } },
      ]),
  },
  {
    field: "cors",
    first: () => ({
      cors: {
        rules: [
          {
            allowedOrigins: ["https://b.example.com", "https://a.example.com"],
            allowedMethods: ["PUT", "GET"],
            allowedHeaders: ["Authorization"],
            exposedHeaders: ["ETag"],
          },
          { allowedOrigins: ["*"], allowedMethods: ["GET"], maxAgeSeconds: 60 },
        ],
      },
    }),
    second: () => ({
      cors: { rules: [{ allowedOrigins: ["*"], allowedMethods: ["HEAD"], maxAgeSeconds: 5 }] },
    }),
    empty: { cors: {} },
    seen: async ({ cloud }, name) => {
      const rules = await cloud.settings(name).cors();
      return rules?.map((rule) => [
        rule.AllowedOrigins?.toSorted().join(),
        rule.AllowedMethods?.toSorted().join(),
        rule.ExposeHeaders?.join().toLowerCase(),
        rule.MaxAgeSeconds,
      ]);
    },
    expected: () => ({
      first: [
        ["https://a.example.com,https://b.example.com", "GET,PUT", "etag", 3600],
        ["*", "GET", undefined, 60],
      ],
      second: [["*", "HEAD", undefined, 5]],
      empty: undefined,
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setCors([{ AllowedOrigins: ["*"], AllowedMethods: ["DELETE"] }]),
  },
  {
    field: "replication",
    setUp: async ({ cloud }, name) => {
      await cloud.createBucket(`${name}-copies`);
      await cloud.settings(`${name}-copies`).setVersioning("Enabled");
    },
    first: (name) => replicationOf(name, "Enabled"),
    second: (name) => replicationOf(name, "Disabled"),
    empty: { replication: {} },
    seen: async ({ cloud }, name) => {
      const configuration = await cloud.settings(name).replication();
      return configuration?.Rules?.map((rule) => [rule.ID, rule.Status, rule.Destination?.Bucket]);
    },
    expected: (name) => ({
      first: [["copies", "Enabled", `arn:aws:s3:::${name}-copies`]],
      second: [["copies", "Disabled", `arn:aws:s3:::${name}-copies`]],
      empty: undefined,
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setReplication({
        Role: ROLE,
        Rules: [{
          ID: "theirs",
          Status: "Enabled",
          Priority: 1,
          Filter: { Prefix: "" },
          DeleteMarkerReplication: { Status: "Disabled" },
          Destination: { Bucket: `arn:aws:s3:::${name}-copies` },
        }],
      }),
  },
];
