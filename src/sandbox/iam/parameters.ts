/** Parameters of a request, each with the form that it must have. */
import { IamError } from "./error.ts";

const FORMS: Readonly<Record<string, RegExp>> = {
  AccessKeyId: /^\w{1,128}$/,
  Description: /^[^]{0,1000}$/,
  EntityFilter: /^(User|Role|Group|LocalManagedPolicy|AWSManagedPolicy)$/,
  Marker: /^[\w=+/-]+$/,
  MaxItems: /^([1-9]\d{0,2}|1000)$/,
  OnlyAttached: /^(true|false)$/,
  Path: /^\/([!-~]+\/)?$/,
  PathPrefix: /^\/[!-~]*$/,
  PolicyArn: /^arn:aws:iam::(\d{12}|aws):policy\/[!-~]+$/,
  PolicyDocument: /^[\t\n\r -\u00ff]+$/,
  PolicyName: /^[\w+=,.@-]{1,128}$/,
  PolicyUsageFilter: /^PermissionsPolicy$/,
  Scope: /^(All|AWS|Local)$/,
  SetAsDefault: /^(true|false)$/,
  Status: /^(Active|Inactive)$/,
  UserName: /^[\w+=,.@-]{1,64}$/,
  VersionId: /^v[1-9]\d*$/,
};

/** Parameters that every request has. */
const COMMON: ReadonlySet<string> = new Set(["Action", "Version"]);

/** Parameters that an action understands. */
export interface ParameterNames {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Parameters that were checked. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  /**
   * @throws {IamError} ValidationError where one is missing or has another form; NotImplemented
   * for one that the service does not know, for it must not seem to work.
   */
  constructor(form: URLSearchParams, { required, optional }: ParameterNames) {
    const missing = required.find((name) => !form.has(name));
    if (missing !== undefined) {
      throw new IamError("ValidationError", `Value null at '${missing}' must not be null`);
    }
    const known = new Set([...required, ...optional]);
    for (const [name, value] of form) {
      if (COMMON.has(name)) continue;
      if (!known.has(name)) {
        throw new IamError(
          "NotImplemented",
          `The sandbox does not support parameter "${name}" of ${form.get("Action")}`,
        );
      }
      if (FORMS[name]?.test(value)) continue;
      throw new IamError(
        "ValidationError",
        `The specified value for ${name} is invalid: it must match ${FORMS[name]?.source}`,
      );
    }
    this.#values = new Map(form);
  }

  /** @throws {Error} for a parameter that the action's table does not require. */
  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`Cannot read parameter: "${name}" is not required`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.#values.get(name);
  }
}
