/**
 * The rules of `spec.drift`, as data for crd_rules.ts.
 */
import { type CrdRuleCase, creates, refused } from "./crd_rule_builders.ts";

const INTERVAL = refused("spec.drift.interval", "interval must be a duration from 30s to 24h");
const IGNORE = refused("spec.drift.ignore", "ignore holds paths below spec");

function interval(value: string, outcome?: typeof INTERVAL): CrdRuleCase {
  return creates("Bucket", `drift.interval ${value}`, { drift: { interval: value } }, outcome);
}

function ignore(path: string, outcome?: typeof IGNORE): CrdRuleCase {
  return creates("Bucket", `drift.ignore ${path}`, { drift: { ignore: [path] } }, outcome);
}

/** Intervals and paths. */
export const driftCases: readonly CrdRuleCase[] = [
  interval("30s"),
  interval("1h30m"),
  interval("24h"),
  interval("29s", INTERVAL),
  interval("24h1s", INTERVAL),
  interval("5 minutes", INTERVAL),
  interval("", INTERVAL),
  interval("10", INTERVAL),
  ignore("cors"),
  ignore("tagging.tags.cost-center"),
  ignore('lifecycle.rules["tmp files"].expiration'),
  ignore("tagging tags", IGNORE),
  ignore("tagging.", IGNORE),
  ignore("lifecycle.rules[0]", IGNORE),
];
