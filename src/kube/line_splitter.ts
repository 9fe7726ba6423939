/**
 * Splits a byte stream into lines before decoding, so that a character cut in two by a chunk
 * border is never damaged.
 */

const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Collects chunks and hands out whole lines. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /**
   * Adds a chunk; calls back for each line that it completes, empty ones left out.
   *
   * @throws RangeError when a line grows beyond 16 MiB
   */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#hold(chunk.subarray(start, end));
      this.#flush();
      start = end + 1;
    }
    // A copy, because the runtime may reuse the chunk's memory.
    if (start < chunk.length) this.#hold(chunk.slice(start));
  }

  #hold(part: Uint8Array): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > MAX_LINE_BYTES) {
      throw new RangeError(`Cannot read watch line: longer than ${MAX_LINE_BYTES} bytes`);
    }
    this.#parts.push(part);
  }

  #flush(): void {
    const only = this.#parts[0];
    const bytes = this.#parts.length === 1 && only !== undefined ? only : this.#join();
    this.#parts = [];
    this.#heldBytes = 0;
    if (bytes.length > 0) this.#onLine(this.#decoder.decode(bytes));
  }

  #join(): Uint8Array {
    const joined = new Uint8Array(this.#heldBytes);
    let offset = 0;
    for (const part of this.#parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined;
  }
}
