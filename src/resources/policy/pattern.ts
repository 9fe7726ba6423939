/**
 * Patterns of policies: `*` stands for any text, `?` for one character.
 */

/** True when the whole text fits the pattern; takes time proportional to both lengths. */
export function fitsPattern(text: string, pattern: string): boolean {
  let [position, index] = [0, 0];
  let [star, retry] = [-1, 0];
  while (position < text.length) {
    const expected = pattern[index];
    if (expected === "*") {
      [star, retry] = [index, position];
      index++;
    } else if (expected === "?" || expected === text[position]) {
      position++;
      index++;
    } else if (star >= 0) {
      retry++;
      [position, index] = [retry, star + 1];
    } else {
      return false;
    }
  }
  return [...pattern.slice(index)].every((rest) => rest === "*");
}
