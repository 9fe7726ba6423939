/** What conditions and variables can ask about a request. */

/** Facts of one request; a fact that it does not have is undefined. */
export interface RequestContext {
  /** Wall time of the service in milliseconds since 1970. */
  readonly now: number;
  readonly sourceIp: string;
  readonly isSecureTransport: boolean;
  readonly principalArn?: string | undefined;
  readonly accountId?: string | undefined;
  readonly userId?: string | undefined;
  /** Undefined for an account's own key. */
  readonly userName?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly referer?: string | undefined;
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly maxKeys?: string | undefined;
  readonly versionId?: string | undefined;
}

/**
 * Condition keys by lower-case name: those that Wasabi shows in its pages or that were found to
 * be enforced, and those that the same request always has.
 */
const KEYS: ReadonlyMap<string, (context: RequestContext) => string | undefined> = new Map([
  ["aws:currenttime", ({ now }) => new Date(now).toISOString()],
  ["aws:epochtime", ({ now }) => String(Math.floor(now / 1_000))],
  ["aws:principalaccount", ({ accountId }) => accountId],
  ["aws:principalarn", ({ principalArn }) => principalArn],
  ["aws:referer", ({ referer }) => referer],
  ["aws:securetransport", ({ isSecureTransport }) => String(isSecureTransport)],
  ["aws:sourceip", ({ sourceIp }) => sourceIp],
  ["aws:useragent", ({ userAgent }) => userAgent],
  ["aws:userid", ({ userId }) => userId],
  ["aws:username", ({ userName }) => userName],
  ["s3:delimiter", ({ delimiter }) => delimiter],
  ["s3:max-keys", ({ maxKeys }) => maxKeys],
  ["s3:prefix", ({ prefix }) => prefix],
  ["s3:versionid", ({ versionId }) => versionId],
]);

/** Whether the service knows the key; its name's case does not matter. */
export function isKnownKey(name: string): boolean {
  return KEYS.has(name.toLowerCase());
}

/** Value of a known key for this request. */
export function valueOf(name: string, context: RequestContext): string | undefined {
  return KEYS.get(name.toLowerCase())?.(context);
}
