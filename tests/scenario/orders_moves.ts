/**
 * What may happen to a namespace with objects of all six kinds: moves in any order, and an end.
 */
import fc from "fast-check";
import { aBucket, anAccessKey, aProvider, aUser, type TestObject } from "../support/builders.ts";
import type { CloudEndpoint } from "../support/cloud_admin.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { anIAMPolicy } from "./iam_policies.ts";

/** Kinds of objects that come and go. */
export type Kind = "Provider" | "Bucket" | "BucketPolicy" | "User" | "AccessKey" | "IAMPolicy";

/**
 * One object of a namespace. Those of number 2 are retained, and those of number 9 ask for what
 * belongs to somebody else.
 */
export interface Subject {
  readonly kind: Kind;
  readonly number: 0 | 1 | 2 | 9;
}

/** What is waited for before the next move: a time in milliseconds, or that nothing changes. */
export type Pause = 0 | 5 | 40 | "settled";

/** One thing that somebody does. */
export type Move =
  /** Makes the object, or edits it, also while it is being deleted. */
  | { readonly kind: "apply"; readonly subject: Subject; readonly variant: number }
  | { readonly kind: "delete"; readonly subject: Subject }
  /** Deletes an object that autoManage made. */
  | { readonly kind: "deleteChild"; readonly bucket: 0 | 1; readonly child: keyof typeof CHILDREN }
  /** Deletes the Secret that the Providers read, or brings it back. */
  | { readonly kind: "credentials"; readonly present: boolean }
  | { readonly kind: "request"; readonly key: 0 | 1; readonly request: "rotate" | "rollback" }
  | { readonly kind: "loseSecret"; readonly key: 0 | 1 }
  | { readonly kind: "upload"; readonly text: string };

/** A move, and how long until the next. */
export interface Step {
  readonly move: Move;
  readonly pause: Pause;
}

/** How everything ends: with the whole namespace at once, or each object for itself. */
export type End =
  | { readonly kind: "namespace" }
  | {
    readonly kind: "objects";
    readonly order: readonly (Subject | "credentials")[];
    readonly pause: 0 | 5 | 40;
  };

/** One run. */
export interface Order {
  /** What is there at the beginning: without it most orders would be about nothing. */
  readonly start: readonly Step[];
  readonly steps: readonly Step[];
  readonly end: End;
}

const NUMBERS = {
  Provider: [0, 1],
  Bucket: [0, 1, 2, 9],
  BucketPolicy: [0, 1, 2, 9],
  User: [0, 1, 2, 9],
  AccessKey: [0, 1, 2, 9],
  IAMPolicy: [0, 1, 9],
} as const;

/** Objects that autoManage makes, with the ends of their names. */
export const CHILDREN = { User: "user", AccessKey: "accesskey", BucketPolicy: "policy" } as const;

const BUCKET_OF_POLICY = { 0: 0, 1: 0, 2: 2, 9: 9 } as const;
const USER_OF_KEY = { 0: 0, 1: 0, 2: 2, 9: 9 } as const;

/** All objects of a namespace. */
export const subjects: readonly Subject[] = (Object.keys(NUMBERS) as Kind[]).flatMap((kind) =>
  NUMBERS[kind].map((number) => ({ kind, number }))
);

const PROVIDERS = subjects.filter(({ kind }) => kind === "Provider");

/** Name of an object. */
export function nameOf({ kind, number }: Subject): string {
  return `${kind.toLowerCase()}${number}`;
}

/** Name at the service of the bucket or user of a number. */
export function cloudName(namespace: string, { kind, number }: Subject): string {
  return `${namespace}-${kind.toLowerCase()}${number}`;
}

/** Any order of things. */
export function anyOrder(): fc.Arbitrary<Order> {
  return fc.record({
    start: aStart(),
    steps: fc.array(fc.record({ move: anyMove(), pause: anyPause() }), {
      minLength: 4,
      maxLength: 16,
    }),
    end: fc.oneof(
      fc.constant<End>({ kind: "namespace" }),
      fc.record({
        kind: fc.constant("objects" as const),
        order: fc.shuffledSubarray([...subjects, "credentials" as const], {
          minLength: subjects.length + 1,
        }),
        pause: fc.constantFrom(0 as const, 5 as const, 40 as const),
      }),
    ),
  });
}

/** What belongs together, so that an order is about more than objects that wait for others. */
const STORIES: readonly (readonly Subject[])[] = [
  [{ kind: "IAMPolicy", number: 0 }, { kind: "User", number: 0 }, { kind: "AccessKey", number: 0 }],
  [{ kind: "User", number: 2 }, { kind: "AccessKey", number: 2 }],
  [
    { kind: "Bucket", number: 0 },
    { kind: "BucketPolicy", number: 0 },
    { kind: "BucketPolicy", number: 1 },
  ],
  [{ kind: "Bucket", number: 1 }],
  [{ kind: "Bucket", number: 2 }, { kind: "BucketPolicy", number: 2 }],
  [{ kind: "Bucket", number: 9 }, { kind: "User", number: 9 }, { kind: "IAMPolicy", number: 9 }],
];

/** Nearly always both Providers, then some of the stories. */
function aStart(): fc.Arbitrary<readonly Step[]> {
  return fc.record({
    providers: fc.oneof(
      { weight: 9, arbitrary: fc.constant(PROVIDERS) },
      { weight: 1, arbitrary: fc.subarray(PROVIDERS) },
    ),
    stories: fc.shuffledSubarray([...STORIES], { minLength: 1, maxLength: 3 }),
    variant: fc.constantFrom(0, 1, 4),
    pause: anyPause(),
  }).map(({ providers, stories, variant, pause }) =>
    [...providers, ...stories.flat()].map((subject, index, { length }) => ({
      move: { kind: "apply", subject, variant: subject.kind === "Provider" ? 0 : variant },
      pause: index === length - 1 ? pause : 0,
    }))
  );
}

function anyPause(): fc.Arbitrary<Pause> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom<Pause>(0, 5, 40) },
    { weight: 1, arbitrary: fc.constant<Pause>("settled") },
  );
}

/** Edits of a policy in use are rare otherwise. */
const POLICY: Subject = { kind: "IAMPolicy", number: 0 };

function anyMove(): fc.Arbitrary<Move> {
  const subject = fc.constantFrom(...subjects, POLICY, POLICY);
  const variant = fc.nat(7);
  return fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({ kind: fc.constant("apply" as const), subject, variant }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("delete" as const), subject }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("deleteChild" as const),
        bucket: fc.constantFrom(0 as const, 1 as const),
        child: fc.constantFrom(...Object.keys(CHILDREN) as (keyof typeof CHILDREN)[]),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("credentials" as const), present: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("request" as const),
        key: fc.constantFrom(0 as const, 0 as const, 1 as const),
        request: fc.constantFrom("rotate" as const, "rollback" as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("loseSecret" as const),
        key: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("upload" as const),
        text: fc.string({ maxLength: 8 }),
      }),
    },
  );
}

/** An object as somebody applies it; `variant` is 0 to 7. */
export function objectOf(
  subject: Subject,
  { variant, namespace, cloud }: {
    readonly variant: number;
    readonly namespace: string;
    readonly cloud: Pick<CloudEndpoint, "url" | "iamUrl">;
  },
): TestObject {
  const name = nameOf(subject);
  const { kind, number } = subject;
  const own = cloudName(namespace, subject);
  const retained = number === 2 ? { deletionPolicy: "Retain" } : {};
  // The second of each kind has a Provider of its own, of the same account.
  const providerRef = { name: number === 1 ? "provider1" : "provider0" };
  const [first, second] = [variant % 2, variant >> 1];
  switch (kind) {
    case "Provider":
      return aProvider(name, {
        endpoint: cloud.url,
        ...(variant === 7 ? {} : { iamEndpoint: cloud.iamUrl }),
        retry: { maxAttempts: 1 + first },
      });
    case "Bucket":
      return aBucket(name, {
        providerRef,
        name: own,
        deletionPolicy: "Delete",
        // Only the first one has content.
        forceDelete: number === 0,
        autoManage: {
          enabled: number <= 2 && first === 1,
          accessLevel: second > 1 ? "full" : "readonly",
        },
        versioning: { enabled: second % 2 === 1 },
        tagging: { tags: { variant: String(variant) } },
        ...retained,
      });
    case "BucketPolicy":
      return bucketPolicyOf(name, { namespace, number, second });
    case "IAMPolicy":
      return anIAMPolicy(name, `x${second}`, { providerRef });
    case "User":
      return aUser(name, {
        providerRef,
        name: own,
        ...retained,
        ...rightsOf(number === 2 ? 4 : variant),
        tags: { variant: String(second) },
      });
    case "AccessKey":
      return anAccessKey(name, { ...keySpecOf(number, variant), ...keyPlaceOf(number) });
  }
}

/** The first two are on the first Bucket, under one name and sometimes with one meaning. */
function bucketPolicyOf(
  name: string,
  { namespace, number, second }: {
    readonly namespace: string;
    readonly number: Subject["number"];
    readonly second: number;
  },
): TestObject {
  const bucket: Subject = { kind: "Bucket", number: BUCKET_OF_POLICY[number] };
  const statement = {
    sid: "Read",
    effect: "Allow",
    principal: "*",
    action: "s3:GetObject",
    resource: `arn:aws:s3:::${cloudName(namespace, bucket)}/${second}/*`,
  };
  return aBucketPolicy(name, [statement], { bucketRef: { name: nameOf(bucket) } });
}

function rightsOf(variant: number): TestObject {
  if (variant < 4) return { policyRef: { name: `iampolicy${variant % 2}` } };
  return variant === 7 ? {} : { policy: anIAMPolicy("inline", `y${variant}`).spec.policy };
}

/** Two keys for the first user, one each for the retained one and for somebody else's. */
function keyPlaceOf(number: Subject["number"]): TestObject {
  return {
    providerRef: { name: "provider0" },
    userRef: { name: `user${USER_OF_KEY[number]}` },
  };
}

function keySpecOf(number: Subject["number"], variant: number): TestObject {
  const rotates = variant === 3;
  return {
    ...(rotates
      ? { rotate: { enabled: true, intervalDays: 1, previousKeysRetentionDays: 0 } }
      : { rotate: { previousKeysRetentionDays: variant % 2 } }),
    ...(variant === 5 ? { secret: { name: `moved${number}`, format: "aws-env" } } : {}),
    ...(variant === 6 ? { secret: { name: THEIR_SECRET } } : {}),
  };
}

/** A Secret of somebody else, which an AccessKey may ask for. */
export const THEIR_SECRET = "theirs";
