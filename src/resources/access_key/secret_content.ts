/**
 * What is in a Secret: the predecessor's two entries, and what was added to them.
 */
import { createHash } from "node:crypto";
// @ts-types="npm:@types/mustache@4.2.6"
import Mustache from "mustache";
import type { AccessKeySpec } from "../../api/access_key.ts";
import { InvalidSpecError } from "../spec.ts";
import { type Entries, entriesOf, type SecretFacts } from "./secret_formats.ts";

/** Entry of the access key ID; the predecessor's name. */
export const KEY_ID_ENTRY = "access-key-id";
/** Entry of the secret access key; the predecessor's name. */
export const SECRET_ENTRY = "secret-access-key";

/** Names that Kubernetes allows for entries. */
const ENTRY_NAME = /^[-._a-zA-Z0-9]{1,253}$/;

/**
 * Entries of the Secret in which a key is published. The predecessor's two keep their meaning
 * whatever the spec says: applications live on them.
 *
 * @throws InvalidSpecError when a template or the name of an entry cannot be used
 */
export function contentOf(secret: AccessKeySpec["secret"], facts: SecretFacts): Entries {
  return {
    endpoint: facts.endpoint,
    region: facts.region,
    ...(facts.bucket === undefined ? {} : { bucket: facts.bucket }),
    ...entriesOf(secret?.format ?? "keys", facts),
    ...rendered(secret?.data ?? {}, facts),
    ...pairEntries(facts),
  };
}

/** The two entries that hold a key. */
export function pairEntries(
  pair: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Entries {
  return { [KEY_ID_ENTRY]: pair.accessKeyId, [SECRET_ENTRY]: pair.secretAccessKey };
}

/** Equal for equal entries; the usual reloaders restart on a change of the annotation. */
export function checksumOf(entries: Entries): string {
  const sorted = Object.entries(entries).sort(([left], [right]) => left < right ? -1 : 1);
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 32);
}

/** Values are put in as they are: what is made is no HTML. */
function rendered(templates: Entries, facts: SecretFacts): Entries {
  const view = { ...facts, bucket: facts.bucket ?? "", host: new URL(facts.endpoint).host };
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => {
      if (!ENTRY_NAME.test(name)) {
        throw new InvalidSpecError(`Change spec.secret.data: "${name}" is no name of an entry`);
      }
      return [name, render(name, { template, view })];
    }),
  );
}

function render(
  name: string,
  { template, view }: {
    readonly template: string;
    readonly view: Readonly<Record<string, string>>;
  },
): string {
  try {
    return Mustache.render(template, view, {}, { escape: (text: string) => text });
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n")[0] : "unknown error";
    throw new InvalidSpecError(`Change spec.secret.data.${name}: ${detail}`);
  }
}
