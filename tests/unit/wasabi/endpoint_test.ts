import { assertEquals } from "@std/assert";
import { endpointOf, hostOf, serviceOf } from "../../../src/wasabi/endpoint.ts";

Deno.test("every region's endpoint follows one pattern, us-east-1 too", () => {
  assertEquals(endpointOf("us-east-1"), "https://s3.us-east-1.wasabisys.com");
  assertEquals(endpointOf("eu-central-2"), "https://s3.eu-central-2.wasabisys.com");
});

const SERVICES = [
  ["https://s3.wasabisys.com", "wasabisys.com"],
  ["https://s3.eu-west-1.wasabisys.com", "wasabisys.com"],
  ["https://S3.EU-WEST-1.WASABISYS.COM/", "wasabisys.com"],
  ["https://notwasabisys.com", "notwasabisys.com"],
  ["https://wasabisys.com.evil.test", "wasabisys.com.evil.test"],
  ["http://minio:9000", "minio:9000"],
  ["http://minio:9001", "minio:9001"],
] as const;

for (const [endpoint, service] of SERVICES) {
  Deno.test(`bucket names at ${endpoint} are unique within ${service}`, () => {
    assertEquals(serviceOf(endpoint), service);
  });
}

Deno.test("the host for messages carries a port and no path", () => {
  assertEquals(hostOf("http://minio:9000/path"), "minio:9000");
});
