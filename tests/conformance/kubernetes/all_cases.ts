/** Every case about the Kubernetes API. */
import { builtinKindCases } from "./builtin_kinds.ts";
import { deletingCases } from "./deleting.ts";
import { discoveryCases } from "./discovery.ts";
import { listingCases } from "./listing.ts";
import { objectCases } from "./objects.ts";
import type { KubernetesCase } from "./place.ts";
import { watchingCases } from "./watching.ts";
import { writingCases } from "./writing.ts";

export const kubernetesCases: readonly KubernetesCase[] = [
  ...discoveryCases,
  ...objectCases,
  ...listingCases,
  ...watchingCases,
  ...writingCases,
  ...deletingCases,
  ...builtinKindCases,
];
