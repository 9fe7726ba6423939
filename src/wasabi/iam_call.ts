/**
 * How one operation of IAM is sent.
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import { ProviderError } from "./error.ts";
import type { IamSdk } from "./iam_session.ts";
import type { Session } from "./session.ts";

/** A session and the limit of the pass that uses it. */
export interface Iam {
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** One operation of the SDK. */
export interface IamCall<T> {
  /** Name of the operation, as IAM has it. */
  readonly operation: string;
  /** False for a call whose repetition would mean something else. @default {true} */
  readonly repeatable?: boolean;
  readonly send: (
    loaded: { readonly client: IAMClient; readonly sdk: IamSdk },
    options: { readonly abortSignal: AbortSignal },
  ) => Promise<T>;
}

/** Most pages of one list: 100 entries each, and no list of a user or policy is that long. */
const MAX_PAGES = 60;

/**
 * Sends one operation through the session's IAM budget and retries; it ends with the pass.
 *
 * @throws NoIamEndpointError when the Provider names no IAM endpoint
 * @throws ProviderError when the service fails or refuses
 */
export async function callIam<T>(
  { session, signal }: Iam,
  { operation, repeatable = true, send }: IamCall<T>,
): Promise<T> {
  const options = { abortSignal: signal };
  return await session.iam.call(
    { operation, signal, repeatable },
    (loaded) => send(loaded, options),
  );
}

/** Reads every page of a list. */
export async function allPages<Page extends { readonly Marker?: string | undefined }, Item>(
  read: (marker: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    // Each page names the next one.
    // deno-lint-ignore no-await-in-loop
    const answer = await read(marker);
    items.push(...itemsOf(answer) ?? []);
    marker = answer.Marker;
    if (marker === undefined || marker === "") return items;
  }
  throw new Error(`Cannot read list: more than ${MAX_PAGES} pages`);
}

/** The answer, or undefined where the service says that there is no such thing. */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === "NotFound") return undefined;
    throw error;
  }
}
