/** The connection of one request, as what stands behind the front may use it. */
export interface ClientConnection {
  /** Ends it as soon as the client was sent `text`. */
  endAfter(text: string): void;
}
