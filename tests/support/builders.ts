/**
 * Builders of objects: a test shows only what matters to it.
 */
import { API_VERSION } from "../../src/api/common.ts";

/** Any object for the API. */
// deno-lint-ignore no-explicit-any -- tests build objects of many shapes, wrong ones included
export type TestObject = any;

/** A Secret with credentials under the default keys. */
export function aSecret(name: string, data: Readonly<Record<string, string>>): TestObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, stringData: data };
}

/** A Provider that reads the Secret `credentials`. */
export function aProvider(name: string, spec: TestObject = {}): TestObject {
  const auth = {
    accessKeySecretRef: { name: "credentials" },
    secretKeySecretRef: { name: "credentials" },
  };
  return {
    apiVersion: API_VERSION,
    kind: "Provider",
    metadata: { name },
    spec: { region: "us-east-1", auth, ...spec },
  };
}

/** A Bucket of the Provider `provider`, alone: autoManage is off unless `spec` says otherwise. */
export function aBucket(name: string, spec: TestObject = {}): TestObject {
  return {
    apiVersion: API_VERSION,
    kind: "Bucket",
    metadata: { name },
    spec: { providerRef: { name: "provider" }, autoManage: { enabled: false }, ...spec },
  };
}

/** A User of the Provider `provider`. */
export function aUser(name: string, spec: TestObject = {}): TestObject {
  return {
    apiVersion: API_VERSION,
    kind: "User",
    metadata: { name },
    spec: { providerRef: { name: "provider" }, ...spec },
  };
}

/** An AccessKey of the Provider `provider` and the User `user`. */
export function anAccessKey(name: string, spec: TestObject = {}): TestObject {
  return {
    apiVersion: API_VERSION,
    kind: "AccessKey",
    metadata: { name },
    spec: { providerRef: { name: "provider" }, userRef: { name: "user" }, ...spec },
  };
}
