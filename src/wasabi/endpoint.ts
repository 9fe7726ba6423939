/**
 * Endpoints and regions of Wasabi, and what makes two endpoints the same service.
 *
 * Source: https://docs.wasabi.com/docs/service-urls-for-wasabis-storage-regions
 */

/** Regions known when this was written; new ones appear, so an unknown one is no error. */
export const KNOWN_REGIONS: readonly string[] = [
  "us-east-1",
  "us-east-2",
  "us-central-1",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "eu-central-1",
  "eu-central-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
];

const DOMAIN = "wasabisys.com";

/** S3 endpoint of a Wasabi region; the pattern holds for every region, us-east-1 included. */
export function endpointOf(region: string): string {
  return `https://s3.${region}.${DOMAIN}`;
}

/**
 * What makes a bucket name unique: all regions of Wasabi share one namespace of names, every
 * other endpoint has its own.
 */
export function serviceOf(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.hostname === DOMAIN || url.hostname.endsWith(`.${DOMAIN}`)) return DOMAIN;
  return url.host;
}

/** The host, for messages and metric labels. */
export function hostOf(endpoint: string): string {
  return new URL(endpoint).host;
}
