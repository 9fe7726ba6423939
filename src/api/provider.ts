/**
 * Provider: an account at a service, how to reach it, and who may use it.
 */
import { z } from "zod";
import { allowedNamespacesRule, allowedNamespacesSchema } from "./allowed_namespaces.ts";
import { BUCKET_NAME } from "./bucket_name.ts";
import type { CustomResource } from "./common.ts";
import { features, serviceTypes } from "./features.ts";
import {
  commonStatus,
  integer,
  namespaceName,
  newValueRules,
  objectName,
  rules,
  type SpecOf,
  type StatusOf,
  text,
  timestamp,
} from "./schema.ts";

const ignoredNamespace = namespaceName(
  "Accepted and ignored: the Secret is always read from the namespace of the Provider.",
).exactOptional();

function url(field: string, options: { description: string; example: string }): z.ZodString {
  return text(options.description, 2048).meta({
    format: "uri",
    ...newValueRules({
      rule: "self.matches('^https?://[A-Za-z0-9._:\\\\[\\\\]-]+(/[^?#\\\\s]*)?$')",
      message: `${field} must be an http or https URL without user, query and fragment, ` +
        `such as ${options.example}`,
    }),
  });
}

const authSchema = z.object({
  accessKeySecretRef: z.object({
    name: objectName("Name of the Secret."),
    key: text("Key inside the Secret. Default: access-key.", 253).default("access-key"),
    namespace: ignoredNamespace,
  }).describe("Where the access key ID is kept."),
  secretKeySecretRef: z.object({
    name: objectName("Name of the Secret."),
    key: text("Key inside the Secret. Default: secret-key.", 253).default("secret-key"),
    namespace: ignoredNamespace,
  }).describe("Where the secret access key is kept."),
  sessionTokenSecretRef: z.object({
    name: objectName("Name of the Secret. Without it there is no session token.").exactOptional(),
    key: text("Key inside the Secret. Default: session-token.", 253).default("session-token"),
    namespace: ignoredNamespace,
  }).describe("Where the session token of temporary credentials is kept.").exactOptional(),
}).describe(
  "The credentials, in Secrets of the Provider's namespace. A changed Secret is used at once; " +
    "white space around the values is ignored.",
);

const tlsSchema = z.object({
  insecureSkipVerify: z.boolean()
    .describe(
      "Accept any certificate. For tests only: whoever is on the way can read the traffic and " +
        "change it. Default: false.",
    )
    .default(false),
  caCertSecretRef: z.object({
    name: objectName("Name of the Secret, in the namespace of the Provider.").exactOptional(),
    key: text("Key inside the Secret. Default: ca.crt.", 253).default("ca.crt"),
  }).describe(
    "Certificates in PEM form of the authorities to trust, in addition to the public ones.",
  ).exactOptional(),
}).describe("How the certificates of both endpoints are checked.");

const retrySchema = z.object({
  maxAttempts: integer("How often one call is tried in all. Default: 3.", { min: 1, max: 10 })
    .default(3),
  backoffStrategy: z.enum(["exponential", "linear"])
    .describe("How the pause between tries grows: exponential or linear. Default: exponential.")
    .default("exponential"),
}).describe("How failed calls are repeated before the object waits for its next turn.");

function rateSchema(service: string) {
  const bounds = { min: 1, max: 10_000 };
  return z.object({
    requestsPerSecond: integer(
      `Most ${service} requests per second on average. Default: set by the operator.`,
      bounds,
    ).exactOptional(),
    burst: integer(
      `Most ${service} requests at once after a pause. Default: set by the operator.`,
      bounds,
    ).exactOptional(),
  }).describe(`Limit of ${service} requests.`);
}

const regionRule = {
  rule: "self.matches('^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$')",
  message: "region must be the name of a region, such as eu-central-2: letters, digits, dots, " +
    "underscores and hyphens, with a letter or digit at both ends",
};

/** What a user declares about an account. */
export const providerSpecSchema = z.object({
  type: z.enum(serviceTypes)
    .describe(
      "Kind of service: wasabi, aws, ceph, minio, or generic for any other that speaks S3. It " +
        "says which settings of buckets can be expected; what the service answers counts more. " +
        "Default: wasabi.",
    )
    .default("wasabi"),
  endpoint: url("endpoint", {
    description: "URL of the S3 service. Default: https://s3.<region>.wasabisys.com.",
    example: "https://s3.eu-central-2.wasabisys.com",
  }).exactOptional(),
  region: text(
    "Region that requests are signed for and buckets are made in, such as eu-central-2.",
    63,
  ).meta(newValueRules(regionRule)),
  auth: authSchema,
  tls: tlsSchema.exactOptional(),
  pathStyle: z.boolean()
    .describe(
      "Put the bucket into the path of the URL (true) or into the host name (false). " +
        "Default: true.",
    )
    .default(true),
  iamEndpoint: url("iamEndpoint", {
    description: "URL of the IAM service, such as https://iam.wasabisys.com. Without it, Users, " +
      "AccessKeys, IAMPolicies and autoManage of this account cannot work.",
    example: "https://iam.wasabisys.com",
  }).exactOptional(),
  iamRegion: text("Region that IAM requests are signed for. Default: us-east-1.", 63)
    .exactOptional(),
  retry: retrySchema.exactOptional(),
  allowedNamespaces: allowedNamespacesSchema.meta({
    description: "Which namespaces may hold objects that refer to this Provider. " +
      "Default: its own namespace only.",
    ...rules(allowedNamespacesRule),
  }).exactOptional(),
  probe: z.object({
    bucket: z.string().min(3).max(63).regex(BUCKET_NAME)
      .describe("Name of a bucket that exists and that the key may look up (s3:ListBucket)."),
  }).describe(
    "How the credentials are tried. Default: by listing all buckets (s3:ListAllMyBuckets). " +
      "A key without that right can name a bucket here.",
  ).exactOptional(),
  rateLimit: z.object({
    s3: rateSchema("S3").exactOptional(),
    iam: rateSchema("IAM").exactOptional(),
  }).describe(
    "How many requests the operator sends to this account. Providers with the same endpoint and " +
      "key share one limit. Default: set by the operator.",
  ).exactOptional(),
  probeIntervalSeconds: integer(
    "How often the credentials are tried again, in seconds. Default: set by the operator.",
    { min: 10, max: 86_400 },
  ).exactOptional(),
}).meta({
  description: "The account: how to reach it and who may use it.",
  ...rules({
    rule: "has(self.endpoint) || self.region.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
    message: "endpoint is needed with this region: the default endpoint is made from the region, " +
      "which therefore must consist of lower case letters, digits and hyphens",
    fieldPath: ".region",
  }),
});

const capabilitySchema = z.object({
  feature: z.enum(features).describe("A setting of buckets, or a part of one."),
  state: z.enum(["Supported", "Unsupported", "Unknown"])
    .describe("Whether the service can do it. Unknown: it is tried when a Bucket asks for it."),
  evidence: z.enum(["Documented", "Answered"])
    .describe("Documented: by the kind of service. Answered: the service refused it."),
  code: text("What the service answered.", 128).exactOptional(),
  checkedAt: timestamp("When it answered so; it is tried again a day later.").exactOptional(),
}).describe("One feature.");

/** What the operator found out about an account. */
export const providerStatusSchema = z.object({
  ...commonStatus(),
  connected: z.boolean()
    .describe("Whether the last try of the credentials succeeded.")
    .exactOptional(),
  lastConnectTime: timestamp("When the account became reachable.").exactOptional(),
  endpoint: text("URL of the S3 service in use, given or made from the region.", 2048)
    .exactOptional(),
  capabilities: z.array(capabilitySchema).max(64)
    .meta({
      description: "What the service can do with buckets, as documented for its kind and as it " +
        "answered.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
}).describe("What the operator found out about the account.");

/** Parsed spec. */
export type ProviderSpec = SpecOf<typeof providerSpecSchema>;
/** Status as we write it. */
export type ProviderStatus = StatusOf<typeof providerStatusSchema>;
/** A Provider as it is stored. */
export type Provider = CustomResource<ProviderSpec, ProviderStatus>;
