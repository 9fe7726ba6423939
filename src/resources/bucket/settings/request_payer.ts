/**
 * Who pays for requests and downloads. An empty `requestPayer` is the owner of the bucket.
 */
import { getRequestPayer, putRequestPayer } from "../../../wasabi/bucket_settings/requests.ts";
import type { Setting } from "./setting.ts";

/** One of two. */
export type RequestPayer = Readonly<Record<"payer", "BucketOwner" | "Requester">>;

/** The setting `spec.requestPayer`. */
export const requestPayer: Setting<RequestPayer> = {
  field: "requestPayer",
  metric: "request_payer",

  fresh: () => ({ payer: "BucketOwner" }),

  desired({ requestPayer }) {
    return requestPayer === undefined
      ? undefined
      : { value: { payer: requestPayer.payer }, leftOut: [] };
  },

  observe: async (s3, bucket) => ({ payer: await getRequestPayer(s3, bucket) }),

  write: (s3, bucket, { payer }) => putRequestPayer(s3, bucket, { payer }),
};
