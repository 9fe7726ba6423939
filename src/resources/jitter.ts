/**
 * Spreads periodic checks evenly and the same way after each restart.
 */

/**
 * A period between 0.9 and 1.1 times `intervalMs`, fixed by the object's uid: checks of many
 * objects drift apart, and a restart does not bring them into step.
 */
export function jittered(intervalMs: number, uid: string): number {
  return Math.round(intervalMs * (0.9 + 0.2 * fraction(uid)));
}

/** FNV-1a of the text, as a number in [0, 1): the same place for the same object, always. */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash / 2 ** 32;
}
