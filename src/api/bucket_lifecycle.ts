/**
 * Rules that delete or move objects of a bucket by age.
 */
import { z } from "zod";
import { integer, rules, tags, text } from "./schema.ts";

const MAX_INT32 = 2_147_483_647;
const DAYS = { min: 1, max: MAX_INT32 };

function day(description: string) {
  return text(`${description}, as YYYY-MM-DD.`, 32).meta({ format: "date" });
}

/** Not 0, which some services take for absent. */
function bytes(description: string) {
  return z.int().min(1).max(Number.MAX_SAFE_INTEGER - 1).meta({ description, format: "int64" });
}

const filterSchema = z.object({
  prefix: text("Objects whose key begins with this.", 1024).exactOptional(),
  tags: tags("Objects that have all of these tags.").exactOptional(),
  objectSizeGreaterThan: bytes("Objects larger than this number of bytes.").exactOptional(),
  objectSizeLessThan: bytes("Objects smaller than this number of bytes.").exactOptional(),
}).describe("Objects that the rule is about: those for which all of this holds. Default: all.");

const expirationSchema = z.object({
  days: integer("Days after an object was written. Wins over date.", DAYS).exactOptional(),
  date: day("Day from which the objects are deleted").exactOptional(),
  expiredObjectDeleteMarker: z.boolean()
    .describe("Remove delete markers that hide no version any more. Only without days and date.")
    .exactOptional(),
}).meta({
  description: "When objects are deleted.",
  ...rules({
    rule: "!has(self.expiredObjectDeleteMarker) || !self.expiredObjectDeleteMarker || " +
      "!(has(self.days) || has(self.date))",
    message: "expiredObjectDeleteMarker cannot be used together with days or date",
    fieldPath: ".expiredObjectDeleteMarker",
  }),
});

const transitionSchema = z.object({
  days: integer("Days after an object was written.", DAYS).exactOptional(),
  date: day("Day from which the objects are moved").exactOptional(),
  storageClass: text("Storage class to move to, such as GLACIER.", 64),
}).meta({
  description: "One move to another storage class.",
  ...rules({
    rule: "has(self.days) != has(self.date)",
    message: "give one of days and date, not both and not none",
  }),
});

const versions = integer("Newest noncurrent versions of an object that are left alone.", {
  min: 1,
  max: 100,
});

const noncurrentVersionExpirationSchema = z.object({
  noncurrentDays: integer("Days after a version was replaced or deleted.", DAYS),
  newerNoncurrentVersions: versions.exactOptional(),
}).describe("When previous versions are deleted for ever.");

const noncurrentVersionTransitionSchema = z.object({
  noncurrentDays: integer("Days after a version was replaced or deleted.", DAYS),
  newerNoncurrentVersions: versions.exactOptional(),
  storageClass: text("Storage class to move to, such as GLACIER.", 64),
}).describe("One move of previous versions to another storage class.");

const ruleSchema = z.object({
  id: text("Name of the rule, unique within the bucket.", 255),
  status: z.enum(["Enabled", "Disabled"])
    .describe("Whether the rule acts. Default: Enabled.")
    .default("Enabled"),
  prefix: text("Objects whose key begins with this. Default: all objects.", 1024).exactOptional(),
  filter: filterSchema.exactOptional(),
  expiration: expirationSchema.exactOptional(),
  noncurrentVersionExpiration: noncurrentVersionExpirationSchema.exactOptional(),
  abortIncompleteMultipartUpload: z.object({
    daysAfterInitiation: integer("Days after an upload was begun.", DAYS),
  }).describe("When uploads that were not completed are removed.").exactOptional(),
  transitions: z.array(transitionSchema).max(50)
    .describe("When objects move to another storage class. Wasabi has only one and refuses this.")
    .exactOptional(),
  noncurrentVersionTransitions: z.array(noncurrentVersionTransitionSchema).max(50)
    .describe("When previous versions move to another storage class. Not on Wasabi.")
    .exactOptional(),
}).meta({
  description: "One rule.",
  ...rules({
    rule: "!has(self.prefix) || !has(self.filter) || !has(self.filter.prefix)",
    message: "give one of prefix and filter.prefix, not both",
    fieldPath: ".filter",
  }),
});

/** Deletion of objects by age. */
export const lifecycleSchema = z.object({
  rules: z.array(ruleSchema).max(1000)
    .describe("The rules, at most 1000. An empty list removes all rules from the bucket.")
    .exactOptional(),
}).meta({
  description: "Deletion of objects by age. The service applies it about once a day. " +
    "Absent: left as it is.",
  // Else a server-side apply that empties the object ends in `null`, which the schema refuses.
  "x-kubernetes-map-type": "atomic",
});
