/**
 * What an AccessKey's status remembers so that a rotation survives a crash at any point. No
 * secret is in it.
 */
import { z } from "zod";
import { text, timestamp } from "./schema.ts";

function keyId(description: string) {
  return text(description, 128);
}

/** Fields of the status besides the predecessor's. */
export function accessKeyMemory() {
  return {
    userName: text("Name of the IAM user that the key belongs to.", 128).exactOptional(),
    secretName: text("Name of the Secret that holds the key.", 253).exactOptional(),
    creation: z.object({
      startTime: timestamp("When the creation was begun."),
      knownKeys: z.array(keyId("ID of a key.")).max(16)
        .describe("Keys that the user had before: one that is not among them may be the new one."),
      accessKeyId: keyId("ID of the new key, which is not published yet.").exactOptional(),
    }).describe("A creation of a key that has begun and has not ended.").exactOptional(),
    previousKeys: z.array(
      z.object({
        accessKeyId: keyId("ID of the key."),
        rotateTime: timestamp("When the key was replaced."),
        inactiveTime: timestamp("When the key was switched off.").exactOptional(),
      }).describe("One key."),
    ).max(16).meta({
      description: "Keys that were replaced and are not deleted yet.",
      "x-kubernetes-list-type": "atomic",
    }).exactOptional(),
    rotateNotBefore: timestamp(
      "No rotation on schedule comes earlier: overdue ones of taken over keys are spread.",
    ).exactOptional(),
    handledRotateRequest: text("Request for a rotation that was answered last.", 256)
      .exactOptional(),
    handledRollbackRequest: text("Request for a rollback that was answered last.", 256)
      .exactOptional(),
  };
}
