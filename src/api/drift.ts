/**
 * What to do when the service has something else than the spec says.
 */
import { z } from "zod";
import { rules, text } from "./schema.ts";

/** Longest list of paths, and longest path, that an object may ignore. */
const MAX_PATHS = 50;
const MAX_PATH_LENGTH = 256;

/** A duration such as 90s or 1h30m: hours, minutes and seconds. */
const DURATION = "^([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$";
const PATH = '^[a-zA-Z]+(\\\\.[A-Za-z0-9_-]+|\\\\["[^"]+"\\\\])*$';

/** `spec.drift`. */
export const driftSchema = z.object({
  mode: z.enum(["Enforce", "Detect", "Ignore"])
    .describe(
      "Enforce: what differs is corrected. Detect: it is told and nothing is ever written, not " +
        "even to create or delete. Ignore: settings are applied when this spec changes and not " +
        "compared afterwards. Default: Enforce.",
    )
    .default("Enforce"),
  interval: text(
    "Time from one comparison to the next, such as 90s, 10m or 1h30m; from 30s to 24h. Default: " +
      "set by the operator.",
    16,
  ).meta(rules({
    rule: `self.matches('${DURATION}') && self != '' && duration(self) >= duration('30s') && ` +
      "duration(self) <= duration('24h')",
    message: "interval must be a duration from 30s to 24h, such as 90s, 10m or 1h30m",
  })).exactOptional(),
  ignore: z.array(
    text('Path such as tagging or lifecycle.rules["tmp"].', MAX_PATH_LENGTH),
  ).max(MAX_PATHS)
    .meta({
      description: "Parts of the settings that others may change: paths below spec, such as " +
        'cors, tagging.tags["cost-center"] or lifecycle.rules["tmp"]. Default: none.',
      "x-kubernetes-list-type": "atomic",
      ...rules({
        rule: `self.all(path, path.matches('${PATH}'))`,
        message: "ignore holds paths below spec, such as cors, tagging.tags.owner or " +
          'lifecycle.rules["tmp"]: names joined by dots, keys with dots in brackets and quotes',
      }),
    })
    .exactOptional(),
}).describe("What to do when the service has something else than this spec says.");
