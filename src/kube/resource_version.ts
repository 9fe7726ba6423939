/**
 * Order of resource versions (KEP-5504: decimal integers of any length).
 */

/**
 * Compares two resource versions without loss of precision above 2^53.
 *
 * @returns negative, zero or positive; undefined when one of them is not a decimal integer,
 * as servers before 1.35 do not promise that. Then only equality may be used.
 */
export function compareResourceVersions(left: string, right: string): number | undefined {
  if (left === right) return 0;
  if (!isComparable(left) || !isComparable(right)) return undefined;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}

function isComparable(version: string): boolean {
  return /^[1-9][0-9]*$/.test(version);
}
