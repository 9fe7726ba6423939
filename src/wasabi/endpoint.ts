/**
 * Endpoints and regions of Wasabi, and what makes two endpoints the same service.
 *
 * Source: https://docs.wasabi.com/docs/service-urls-for-wasabis-storage-regions
 */

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
