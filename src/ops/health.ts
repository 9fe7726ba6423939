/**
 * Liveness and readiness, with the sub-paths that the API server's own endpoints have.
 */

/** One named check; the answer is undefined when all is well, otherwise the reason. */
export interface Check {
  readonly name: string;
  readonly failure: () => string | undefined;
}

/** The answer to a health request. */
export interface HealthAnswer {
  readonly status: 200 | 404 | 500;
  readonly body: string;
}

/**
 * Answers `/readyz`, `/readyz?verbose`, `/readyz?exclude=name` and `/readyz/name`.
 *
 * Reasons are shown only on `verbose`: the plain answer may be read by anyone.
 */
export function answerHealth(
  url: URL,
  endpoint: { readonly path: string; readonly checks: readonly Check[] },
): HealthAnswer {
  const { path, checks } = endpoint;
  const only = url.pathname.slice(path.length + 1);
  if (only !== "") return answerOne(checks.find((check) => check.name === only));
  const excluded = new Set(url.searchParams.getAll("exclude"));
  const results = checks.filter((check) => !excluded.has(check.name))
    .map((check) => ({ name: check.name, failure: check.failure() }));
  const failed = results.some((result) => result.failure !== undefined);
  const verbose = url.searchParams.has("verbose");
  const lines = results.map(({ name, failure }) =>
    failure === undefined
      ? `[+]${name} ok`
      : `[-]${name} failed: ${verbose ? failure : "reason withheld"}`
  );
  const summary = `${path.slice(1)} check ${failed ? "failed" : "passed"}`;
  if (!failed && !verbose) return { status: 200, body: "ok" };
  return { status: failed ? 500 : 200, body: `${[...lines, summary].join("\n")}\n` };
}

function answerOne(check: Check | undefined): HealthAnswer {
  if (check === undefined) return { status: 404, body: "no such check\n" };
  const failed = check.failure() !== undefined;
  return { status: failed ? 500 : 200, body: failed ? "failed: reason withheld\n" : "ok" };
}
