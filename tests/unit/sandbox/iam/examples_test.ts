import { assertEquals } from "@std/assert";

import { pointAtSandbox } from "../../../../src/commands/sandbox_examples.ts";

const SERVICES = {
  endpointOf: (region: string) => `http://127.0.0.1/${region}`,
  iamEndpoint: "http://127.0.0.1/iam",
  accessKeyId: "KEY",
  secretAccessKey: "secret",
};

function pointed(spec: Record<string, string>): unknown {
  const object = { kind: "Provider", metadata: { name: "wasabi" }, spec };
  return pointAtSandbox(object, SERVICES)["spec"];
}

Deno.test("an example's Provider is pointed at IAM where it names one, and only there", () => {
  const region = "eu-west-1";
  const endpoint = `http://127.0.0.1/${region}`;
  const iamEndpoint = "https://iam.wasabisys.com";
  assertEquals(pointed({ region, endpoint: "https://s3.wasabisys.com" }), { region, endpoint });
  assertEquals(pointed({ region, iamEndpoint }), {
    region,
    endpoint,
    iamEndpoint: SERVICES.iamEndpoint,
  });
});
