/**
 * Copies of a bucket's objects in another bucket.
 */
import { z } from "zod";
import { integer, rules, tags, text } from "./schema.ts";

const STATUS = ["Enabled", "Disabled"] as const;

const destinationSchema = z.object({
  bucket: text("Name or ARN of the bucket that gets the copies.", 2048),
  account: text("Number of the account that the other bucket belongs to. Default: the own.", 12)
    .exactOptional(),
  storageClass: text("Storage class of the copies. Default: that of the object.", 64)
    .exactOptional(),
}).describe("Where the copies are made.");

const ruleSchema = z.object({
  id: text("Name of the rule, unique within the bucket.", 255),
  status: z.enum(STATUS).describe("Whether the rule acts. Default: Enabled.").default("Enabled"),
  priority: integer("Of two rules for one object and destination, the higher number acts.", {
    min: 0,
    max: 2_147_483_647,
  }).exactOptional(),
  filter: z.object({
    prefix: text("Objects whose key begins with this.", 1024).exactOptional(),
    tags: tags("Objects that have all of these tags.").exactOptional(),
  }).describe("Objects that the rule is about. Default: all.").exactOptional(),
  deleteMarkerReplication: z.object({
    status: z.enum(STATUS).describe("Whether delete markers are copied. Default: Disabled.")
      .default("Disabled"),
  }).describe("Copies of delete markers. Default: none.").exactOptional(),
  destination: destinationSchema,
}).describe("One rule.");

/** Copies of the objects in another bucket. */
export const replicationSchema = z.object({
  role: text("ARN of the role in which the service makes the copies; not on Wasabi.", 2048)
    .exactOptional(),
  rules: z.array(ruleSchema).max(1000)
    .describe("The rules, at most 1000. Without any, replication is removed from the bucket.")
    .exactOptional(),
}).meta({
  description: "Copies of the objects in another bucket; both buckets need versions. " +
    "Absent: left as it is.",
  // Else a server-side apply that empties the object ends in `null`, which the schema refuses.
  "x-kubernetes-map-type": "atomic",
  ...rules({
    rule: "!has(self.role) || (has(self.rules) && size(self.rules) > 0)",
    message: "role needs at least one rule: leave both out to remove replication",
    fieldPath: ".role",
  }),
});
