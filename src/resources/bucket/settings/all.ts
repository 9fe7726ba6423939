/**
 * The settings in the order in which they are applied.
 */
import { cors } from "./cors.ts";
import { encryption } from "./encryption.ts";
import { lifecycle } from "./lifecycle.ts";
import { logging } from "./logging.ts";
import { objectLock } from "./object_lock.ts";
import { ownership } from "./ownership.ts";
import { publicAccess } from "./public_access.ts";
import { replication } from "./replication.ts";
import { requestPayer } from "./request_payer.ts";
import type { Setting } from "./setting.ts";
import { tagging } from "./tagging.ts";
import { versioning } from "./versioning.ts";

/**
 * Every managed setting; a new one is a file beside this and a line here.
 *
 * Versioning comes first, because object lock and replication need it, and what protects the
 * bucket before what may open it.
 */
export const allSettings: readonly Setting[] = [
  versioning,
  encryption,
  publicAccess,
  ownership,
  tagging,
  lifecycle,
  cors,
  objectLock,
  logging,
  replication,
  requestPayer,
] as readonly Setting[];
