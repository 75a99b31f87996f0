import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Boxes } from "../engine/boxes.js";
import { openOrdersStack } from "../support/orders-stack.js";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;
const reason = hasPulumi ? "" : " (skipped: there is no pulumi on the PATH)";

describe("the Pulumi CLI", function () {
  this.timeout(120_000);

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

  it(`agrees with the engine on secrets, protection, an import and a replacement cut short${reason}`, async function () {
    if (!hasPulumi) this.skip();
    await using boxes = new Boxes();
    const plan = (kind: string) => [
      { name: "a", secrets: { note: "hush" } },
      { name: "guarded", from: "a", options: { protect: true } },
      { name: "replaced", inputs: { kind } },
      { name: "found", inputs: { colour: "blue" }, options: { protect: true } },
    ];
    const env = { PULUMI_CONFIG_PASSPHRASE: "open" };
    const cutShort = { ...env, DELETE_FIRST: "1", FAULTS: "create:replaced=plain" };
    const pulumi = (kind: string, told: Environment, ...args: readonly string[]) =>
      runPulumi(boxes, plan(kind), told, args);
    await boxes.up(plan("x").slice(0, 3), { env });
    await boxes.import({ imports: { file: writeImportFile(boxes) }, env });

    const failed = await boxes.up(plan("y"), { env: cutShort });
    const [theirs, ours] = [
      await pulumi("y", env, "preview", "--json"),
      await boxes.preview(plan("y"), { env }),
    ];
    await pulumi("y", env, "up", "--yes", "--skip-preview");
    const taken = await boxes.preview(plan("y"), { env });
    await pulumi("z", cutShort, "up", "--yes", "--skip-preview").catch(() => undefined);
    const [left, kept] = [
      await pulumi("z", env, "preview", "--json"),
      await boxes.preview(plan("z"), { env }),
    ];
    const back = await boxes.up(plan("z"), { env });
    const end = await pulumi("z", env, "preview", "--expect-no-changes");

    assert.equal(failed.exitCode, 1);
    assert.deepEqual(ours.changeSummary, { replace: 1, same: 4 });
    assert.deepEqual(ours.changeSummary, JSON.parse(theirs).changeSummary);
    assert.deepEqual(taken.changeSummary, { same: 5 }, taken.stdout);
    assert.deepEqual(kept.changeSummary, JSON.parse(left).changeSummary);
    assert.equal(back.exitCode, 0, back.stdout);
    assert.match(end, /5 unchanged/);
    assert.doesNotMatch(boxes.stateText, /hush/);
  });
});

type Environment = Readonly<Record<string, string>>;

async function runPulumi(
  boxes: Boxes,
  plan: readonly unknown[],
  told: Environment,
  args: readonly string[],
): Promise<string> {
  const env = {
    ...process.env,
    ...boxes.environment,
    ...told,
    BOXES: JSON.stringify(plan),
    PULUMI_HOME: join(boxes.root, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const all = [...args, "--stack", "test", "--non-interactive"];
  const { stdout } = await promisify(execFile)("pulumi", all, { cwd: boxes.program, env });
  return stdout;
}

function writeImportFile(boxes: Boxes): string {
  const { type, inputs = {} } = boxes.find("replaced") ?? {};
  const own = { name: "found", colour: "blue", __provider: inputs["__provider"] };
  const resource = { type, name: "found", id: "found-1", inputs: own, outputs: own };
  const file = join(boxes.root, "import.json");
  writeFileSync(file, JSON.stringify({ resources: [resource] }));
  return file;
}
