/** Every case about S3 and IAM. */
import { bucketCases } from "./buckets.ts";
import { moreSettingCases, otherVendorCases } from "./more_settings.ts";
import { objectCases } from "./objects.ts";
import type { CloudCase } from "./place.ts";
import { settingCases } from "./settings.ts";
import { signatureCases } from "./signatures.ts";
import { userSurroundingCases } from "./user_surroundings.ts";
import { userCases } from "./users.ts";

export const cloudCases: readonly CloudCase[] = [
  ...signatureCases,
  ...bucketCases,
  ...settingCases,
  ...moreSettingCases,
  ...otherVendorCases,
  ...objectCases,
  ...userCases,
  ...userSurroundingCases,
];
