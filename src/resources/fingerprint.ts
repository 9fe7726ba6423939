/**
 * Short names for values that are only ever compared.
 */

/**
 * 64 bits of FNV-1a as hexadecimal text. Not for secrets, and not where somebody gains from two
 * texts with one fingerprint.
 */
export function fingerprint(text: string): string {
  const mask = (1n << 64n) - 1n;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
  }
  return hash.toString(16).padStart(16, "0");
}
