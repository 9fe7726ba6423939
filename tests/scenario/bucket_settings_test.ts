/**
 * The settings on embedded services of several kinds.
 */
import { type Feature, features } from "../../src/api/features.ts";
import { type ServiceFacts, settingScenarios } from "./bucket_settings.ts";
import { withEmbedded } from "./embedded.ts";
import { play } from "./stage.ts";

const WASABI_LACKS: readonly Feature[] = [
  "encryption",
  "publicAccess",
  "ownership",
  "requestPayer",
];

interface EmbeddedService extends ServiceFacts {
  readonly name: string;
  /** Query parameters of the sub-resources that the service refuses. */
  readonly lacking?: readonly string[];
}

const services: readonly EmbeddedService[] = [
  { name: "a service like AWS", type: "aws", has: features, refuses: [], lacking: [] },
  {
    name: "a service like Wasabi",
    type: "wasabi",
    has: ["lifecycle", "objectLock"],
    refuses: WASABI_LACKS,
  },
  {
    name: "a service without any setting",
    type: "generic",
    has: [],
    refuses: features.filter((feature) => !feature.includes(".")),
    lacking: [
      "cors",
      "encryption",
      "lifecycle",
      "logging",
      "object-lock",
      "ownershipControls",
      "publicAccessBlock",
      "replication",
      "requestPayment",
      "tagging",
      "versioning",
    ],
  },
];

for (const { name, lacking, ...facts } of services) {
  Deno.test(`settings on ${name}`, (t) =>
    withEmbedded(async ({ theatre, s3 }) => {
      const known = s3.state.lacking;
      for (const query of lacking === undefined ? [] : [...known]) known.delete(query);
      for (const query of lacking ?? []) known.add(query);
      for (const scenario of settingScenarios(facts)) {
        await t.step(scenario.claim, () => play(theatre, scenario));
      }
    }));
}
