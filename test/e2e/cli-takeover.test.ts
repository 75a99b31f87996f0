import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { openOrdersStack } from "../support/orders-stack.js";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;
const reason = hasPulumi ? "" : " (skipped: there is no pulumi on the PATH)";

describe("the Pulumi CLI", function () {
  this.timeout(60_000);

  it(`takes over a stack that the engine made, and finds nothing to change${reason}`, async function () {
    if (!hasPulumi) this.skip();
    await using stack = await openOrdersStack();
    await stack.up({ skipPreview: true });
    const { root, path: cwd, backendUrl } = stack.folder;
    const env = {
      ...process.env,
      ...stack.environment,
      PULUMI_HOME: join(root, "home"),
      PULUMI_BACKEND_URL: backendUrl,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };

    const pulumi = (...args: readonly string[]) =>
      promisify(execFile)("pulumi", [...args, "--stack", "dev", "--non-interactive"], { cwd, env });

    const { stdout } = await pulumi("preview", "--expect-no-changes");

    assert.match(stdout, /3 unchanged/);
  });
});
