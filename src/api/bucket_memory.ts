/**
 * What the operator must remember about a bucket from one pass to the next, kept in its status.
 */
import { z } from "zod";
import { text, timestamp } from "./schema.ts";

/** Most differences that a status shows. */
export const MAX_DIFFERENCES = 20;
/** Longest value of a difference, in characters. */
export const MAX_SHOWN = 256;

function fieldName() {
  return text("Name of the setting.", 64);
}

const difference = z.object({
  path: text('Where, such as spec.tagging.tags["owner"].', 1024),
  desired: text("What the spec says, as JSON, shortened.", MAX_SHOWN).exactOptional(),
  observed: text("What the service has, as JSON, shortened.", MAX_SHOWN).exactOptional(),
  action: z.enum(["Corrected", "Detected", "HeldBack", "Contested", "NotAccepted"])
    .describe(
      "Corrected: written. Detected: only told, by drift.mode. HeldBack: waits for consent. " +
        "Contested: somebody changes it again and again. NotAccepted: the service keeps another " +
        "value than the one that was written.",
    ),
}).describe("One difference.");

/** Fields of a Bucket's status. */
export const bucketMemory = {
  settledGeneration: z.int().min(0)
    .meta({
      description: "The metadata.generation whose settings were last all applied.",
      format: "int64",
    })
    .exactOptional(),
  managedSettings: z.array(fieldName()).max(32)
    .meta({
      description: "Settings that were applied to the bucket.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
  heldData: z.boolean()
    .describe("Whether the bucket has ever been seen to hold objects.")
    .exactOptional(),
  drift: z.object({
    detectedAt: timestamp("When these differences were first seen."),
    differences: z.array(difference).max(MAX_DIFFERENCES)
      .meta({
        description: "The last differences between the spec and the service.",
        "x-kubernetes-list-type": "atomic",
      }),
  }).describe("What was last found to differ.").exactOptional(),
  corrections: z.array(
    z.object({
      setting: fieldName(),
      times: z.array(timestamp("When.")).max(3)
        .meta({ description: "The last corrections.", "x-kubernetes-list-type": "atomic" }),
    }).describe("One setting."),
  ).max(32)
    .meta({
      description: "Settings that somebody else changed and that were corrected.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
  unsettled: z.array(
    z.object({
      setting: fieldName(),
      tries: z.int().min(0).max(1000).meta({ description: "Writes so far.", format: "int32" }),
      fingerprint: text("Of what was written and what the service had afterwards.", 64),
    }).describe("One setting."),
  ).max(32)
    .meta({
      description: "Settings that the service does not show as they were written.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
  deletion: z.object({
    startedAt: timestamp("When emptying began."),
    versionsDeleted: z.int().min(0)
      .meta({ description: "Versions and delete markers deleted so far.", format: "int64" }),
    uploadsAborted: z.int().min(0)
      .meta({ description: "Unfinished uploads aborted so far.", format: "int64" }),
  }).describe("How far the emptying of the bucket has come.").exactOptional(),
};
