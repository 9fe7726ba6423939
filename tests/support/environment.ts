/**
 * Variables that tell tests where real servers are.
 */

/** Value of a variable; throws when it is not set: a test without its server has failed. */
export function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value !== undefined && value !== "") return value;
  throw new Error(`Cannot find a real server: variable "${name}" is not set`);
}
