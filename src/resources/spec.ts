/**
 * Reading a spec: validated and defaulted by the schema that the CRD was generated from.
 */
import type { z } from "zod";
import type { CustomResource } from "../api/common.ts";

/**
 * The stored spec does not fit the schema, for example because it was stored under an older
 * definition. A person must change the object; nothing is done to the cloud.
 */
export class InvalidSpecError extends Error {
  override readonly name = "InvalidSpecError";
}

/**
 * Parses the spec of an object.
 *
 * @throws InvalidSpecError naming up to three fields and what is wrong with each
 */
export function parseSpec<S extends z.ZodType>(schema: S, object: CustomResource): z.output<S> {
  const result = schema.safeParse(object.spec ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 3)
    .map((issue) => `spec.${issue.path.join(".")}: ${issue.message}`);
  throw new InvalidSpecError(`Change ${problems.join("; ")}`);
}
