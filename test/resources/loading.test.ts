import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

describe("loading pulumi-dadosfera", () => {
  it("in a program loads no driver, no HTTP client and no schemas", async () => {
    assert.deepEqual(await loadedBy("pulumi-dadosfera"), []);
  }).timeout(20_000);

  it("in a provider loads no driver and no HTTP client before they are asked for", async () => {
    assert.deepEqual(await loadedBy("pulumi-dadosfera/provider"), ["zod"]);
  }).timeout(20_000);
});

/** Which of the heavy packages a fresh process holds after it has loaded this entry. */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const script = `require(${JSON.stringify(entry)}); console.log(JSON.stringify(Object.keys(require.cache)))`;
  const cwd = dirname(require.resolve("pulumi-dadosfera/package.json"));
  const { stdout } = await run(process.execPath, ["-e", script], { cwd });
  const files: readonly string[] = JSON.parse(stdout);
  assert.ok(files.some((file) => file.includes("@pulumi")) || entry.endsWith("provider"));
  return ["snowflake-sdk", "undici", "zod"].filter((name) =>
    files.some((file) => file.includes(`/node_modules/${name}/`)),
  );
}
