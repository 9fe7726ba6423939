import { assertEquals, assertThrows } from "@std/assert";
import { inClusterAccess } from "../../../src/kube/in_cluster.ts";
import { FakeClock } from "../../support/fake_clock.ts";

async function mountAccount(files: Readonly<Record<string, string>> = {}) {
  const directory = await Deno.makeTempDir();
  const all = { token: "one\n", namespace: "ours\n", "ca.crt": "CA one", ...files };
  for (const [name, text] of Object.entries(all)) {
    // deno-lint-ignore no-await-in-loop
    if (text !== "") await Deno.writeTextFile(`${directory}/${name}`, text);
  }
  return {
    directory,
    write: (name: string, text: string) => Deno.writeTextFile(`${directory}/${name}`, text),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

const SERVER = { host: "10.0.0.1", port: "443" };

Deno.test("a token that the kubelet replaced is used within a minute", async () => {
  await using mount = await mountAccount();
  const clock = new FakeClock();
  const access = inClusterAccess({ clock, ...SERVER, directory: mount.directory });
  assertEquals(await access.authorization(), "Bearer one");
  await mount.write("token", "two\n");
  await clock.advance(59_999);
  assertEquals(await access.authorization(), "Bearer one");
  await clock.advance(1);
  assertEquals(await access.authorization(), "Bearer two");
});

Deno.test("a token that was refused is read again at once", async () => {
  await using mount = await mountAccount();
  const access = inClusterAccess({ clock: new FakeClock(), ...SERVER, directory: mount.directory });
  await mount.write("token", "two");
  access.forget();
  assertEquals(await access.authorization(), "Bearer two");
});

Deno.test("the authority is read for each new client", async () => {
  await using mount = await mountAccount();
  const access = inClusterAccess({ clock: new FakeClock(), ...SERVER, directory: mount.directory });
  await mount.write("ca.crt", "CA two");
  assertEquals(access.clientOptions(), { caCerts: ["CA two"] });
});

Deno.test("an IPv6 host is put in brackets", async () => {
  await using mount = await mountAccount();
  const options = { clock: new FakeClock(), host: "fd00::1", port: "6443" };
  const access = inClusterAccess({ ...options, directory: mount.directory });
  assertEquals([access.baseUrl, access.namespace], ["https://[fd00::1]:6443", "ours"]);
});

Deno.test("a file that is missing is named", async () => {
  for (const name of ["token", "namespace"]) {
    // deno-lint-ignore no-await-in-loop
    await using mount = await mountAccount({ [name]: "" });
    const { directory } = mount;
    assertThrows(
      () => inClusterAccess({ clock: new FakeClock(), ...SERVER, directory }),
      Error,
      `${directory}/${name}`,
    );
  }
});
