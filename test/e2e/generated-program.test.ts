import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, type EngineStack, openStack } from "pulumi-dadosfera/testing";
import { pipelineId } from "#src/domain/job-id.js";
import type { PipelineCreate } from "#src/maestro/records.js";
import { dadosfera } from "../support/command.js";
import { aCreation, effectsAt, emulatorWith, maestroOnly } from "../support/made-elsewhere.js";
import { ProgramFolder } from "../support/program-folder.js";

const hasPulumi = spawnSync("pulumi", ["version"]).status === 0;
const reason = hasPulumi ? "" : " (skipped: there is no pulumi on the PATH)";

/** Of every load type, under names that a program cannot take as they are. */
const CREATIONS: readonly PipelineCreate[] = [
  aCreation(idAt(1), "Orders", { description: 'a "quoted"\nsecond line', cron: "@once" }),
  aCreation(idAt(2), "orders", { cron: "15 3 * * *" }),
  aCreation(idAt(3), "exports", {}, { loadType: "full_load", columnIncludeList: null }),
  aCreation(
    idAt(4),
    `7 × são \u2028 \${class}`,
    {},
    { loadType: "incremental_with_qualify", primaryKeys: ["id"] },
  ),
  aCreation(
    idAt(5),
    "undefined",
    {},
    { tableName: 'de"pó`sito', columnIncludeList: ["id", "it's", "updated_at"] },
  ),
];
const RESOURCES = 2 * CREATIONS.length;

describe("the program that is generated from live pipelines", function () {
  this.timeout(120_000);

  it("adopts them on the engine without an effect at Maestro, and then shows nothing to do", async () => {
    await using world = await openWorld();
    const generated = await world.run(
      "generate",
      "--all",
      "--out",
      join(world.folder.path, "live"),
    );
    const before = effectsAt(world.emulator);

    const adopted = await world.stack.up({ skipPreview: true });
    const next = await world.stack.preview();

    assert.equal(generated.code, 0, generated.stderr);
    assert.equal(adopted.exitCode, 0, adopted.stdout);
    assert.deepEqual(adopted.changeSummary, { create: RESOURCES + 1 }, adopted.stdout);
    assert.deepEqual(next.changeSummary, { same: RESOURCES + 1 }, next.stdout);
    assert.deepEqual(effectsAt(world.emulator), before);
  });

  it("shows nothing to do after `dadosfera engine import --file`", async () => {
    await using world = await openWorld();
    const file = join(world.folder.path, "import.json");
    await world.run("generate", "--all", "--out", join(world.folder.path, "live"));
    const flags = ["--all", "--project", "orders", "--stack", "dev", "--out", file];
    await world.run("import-file", ...flags);
    const before = effectsAt(world.emulator);

    const imported = await world.stack.import({ imports: { file }, protect: false });
    const up = await world.stack.up({ skipPreview: true });

    assert.deepEqual(imported.changeSummary, { create: 1, import: RESOURCES }, imported.stdout);
    assert.deepEqual(up.changeSummary, { same: RESOURCES + 1 }, up.stdout);
    assert.deepEqual(misnamed((await world.stack.export()) as Exported), []);
    assert.deepEqual(effectsAt(world.emulator), before);
  });

  it(`shows nothing to do after \`pulumi import --file\`${reason}`, async function () {
    if (!hasPulumi) this.skip();
    await using world = await openWorld();
    const file = join(world.folder.path, "import.json");
    await world.run("generate", "--all", "--out", join(world.folder.path, "live"));
    const flags = ["--all", "--project", "orders", "--stack", "dev", "--out", file];
    await world.run("import-file", ...flags);
    const before = effectsAt(world.emulator);

    await world.pulumi("stack", "init", "dev");
    const importing = ["--file", file, "--generate-code=false", "--protect=false", "--yes"];
    const imported = await world.pulumi("import", ...importing, "--skip-preview");
    const shown = await world.pulumi("preview", "--expect-no-changes");
    const state = JSON.parse(await world.pulumi("stack", "export"));

    assert.match(imported, new RegExp(`${RESOURCES} imported`));
    assert.match(shown, new RegExp(`${RESOURCES + 1} unchanged`));
    assert.deepEqual(misnamed(state), []);
    assert.deepEqual(effectsAt(world.emulator), before);
  });
});

interface World extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly folder: ProgramFolder;
  readonly stack: EngineStack;
  /** A command of `dadosfera`, told of Maestro. */
  run(...args: readonly string[]): ReturnType<typeof dadosfera>;
  /** What the real CLI says; throws if it fails. */
  pulumi(...args: readonly string[]): Promise<string>;
}

/** Pipelines that somebody made, and a program that imports what will be generated. */
async function openWorld(): Promise<World> {
  const emulator = await emulatorWith(CREATIONS);
  const folder = new ProgramFolder('import "./live";\n');
  const { path: cwd, backendUrl, root } = folder;
  const env = { PULUMI_CONFIG_PASSPHRASE: "sample", ...maestroOnly(emulator) };
  return {
    emulator,
    folder,
    stack: openStack({ cwd, stack: "dev", backendUrl, env }),
    run: (...args) => dadosfera(args, maestroOnly(emulator)),
    async pulumi(...args) {
      const told = {
        ...process.env,
        ...env,
        PULUMI_HOME: join(root, "home"),
        PULUMI_BACKEND_URL: backendUrl,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      };
      const options = { cwd, env: told, maxBuffer: 2 ** 24 };
      const { stdout } = await promisify(execFile)(
        "pulumi",
        [...args, "--non-interactive"],
        options,
      );
      return stdout;
    },
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** Resources whose inputs name another URN than their own. */
function misnamed({ deployment }: Exported) {
  return deployment.resources
    .filter(
      ({ urn, inputs }) => inputs?.__dadosfera !== undefined && inputs.__dadosfera.urn !== urn,
    )
    .map(({ urn }) => urn);
}

interface Exported {
  readonly deployment: { readonly resources: readonly Kept[] };
}

interface Kept {
  readonly urn: string;
  readonly inputs?: { readonly __dadosfera?: { readonly urn: string } };
}

function idAt(index: number) {
  return pipelineId.parse(`${index}b8b3399-b8c0-4fc5-9116-142cd9f4e7ae`);
}
