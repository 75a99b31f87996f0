import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dadosfera, type Ended } from "../support/command.js";
import {
  aCreation,
  effectsAt,
  emulatorWith,
  ITEMS,
  maestroOnly,
  make,
  ORDERS,
} from "../support/made-elsewhere.js";
import { JOB, PIPELINE, PIPELINE_PATH, pipelineSample } from "../support/maestro-samples.js";
import { ok, startScriptedMaestro } from "../support/scripted-maestro.js";

const HIDDEN =
  'Maestro does not show the connection of 1 job: `configId` is "unknown" there. Nothing compares it; put in the id if you know it.\n';

describe("dadosfera generate", function () {
  this.timeout(60_000);

  it("prints the program of one pipeline, and asks Maestro for nothing but what it reads", async () => {
    await using emulator = await emulatorWith([aCreation(ORDERS, "Orders")]);
    const before = effectsAt(emulator);

    const { code, stdout, stderr } = await dadosfera(
      ["generate", "--pipeline", ORDERS.replaceAll("-", "_")],
      maestroOnly(emulator),
    );

    assert.deepEqual([code, stderr], [0, HIDDEN]);
    assert.ok(
      stdout.startsWith(
        'import { Pipeline } from "pulumi-dadosfera";\n\n// Maestro does not show the connections called "unknown" here. Nothing compares them: put in the ids if you know them.\n' +
          `const orders = new Pipeline("orders", {\n  adopt: true,\n  pipelineId: "${ORDERS}",\n  name: "Orders",\n  cron: null,\n  jobs: [\n`,
      ),
      stdout,
    );
    assert.deepEqual(effectsAt(emulator), before);
  });

  it("writes a file for each pipeline and an index, and replaces its own files only", async () => {
    await using emulator = await emulatorWith([
      aCreation(ORDERS, "Orders"),
      aCreation(ITEMS, "Itens de estoque"),
    ]);
    using folder = new OutFolder();
    const generate = () =>
      dadosfera(["generate", "--all", "--out", folder.path], maestroOnly(emulator));

    const first = await generate();
    const written = folder.read();
    const again = await generate();
    writeFileSync(join(folder.path, "orders.ts"), `${written["orders.ts"]}// mine\n`);
    const refused = await generate();

    assert.equal(first.code, 0, first.stderr);
    assert.equal(
      first.stdout,
      `Wrote 3 files to ${folder.path}: itens-de-estoque.ts, orders.ts, index.ts\n`,
    );
    assert.match(written["orders.ts"] ?? "", /^export const orders = new Pipeline\("orders", {$/m);
    assert.match(
      written["index.ts"] ?? "",
      /^\/\/ Written by `dadosfera generate` \([0-9a-f]{16}\).*\nimport "\.\/itens-de-estoque";\nimport "\.\/orders";\n$/,
    );
    assert.equal(again.code, 0, again.stderr);
    assert.equal(refused.code, 2);
    assert.equal(
      threeLines(refused),
      `Did not write the program to ${folder.path}: orders.ts is there, and was not written by this command, or edited since.\n` +
        "Nothing was changed.\n" +
        "Name another folder with --out, or move these files away.\n",
    );
    assert.deepEqual(folder.read(), {
      ...written,
      "orders.ts": `${written["orders.ts"]}// mine\n`,
    });
  });

  it("ends with 2 where something cannot be said, names it on stderr, and generates the rest", async () => {
    const files = { id: 7, pipeline_id: "legacy-7", name: "Antigo", cron: null, jobs: [] };
    const file = {
      job_id: JOB,
      input: { connector: "s3", plugin: "parquet", replication_method: "INCREMENTAL" },
      output: { plugin: "dadosfera_snowflake" },
    };
    await using server = await startScriptedMaestro({
      "GET /platform/pipelines": [ok([files, { pipeline_id: PIPELINE, name: "S3", jobs: [] }])],
      [`GET ${PIPELINE_PATH}`]: [ok({ ...pipelineSample.data, name: "S3", jobs: [file] })],
    });

    const { code, stdout, stderr } = await dadosfera(["generate", "--all"], {
      DADOSFERA_BASE_URL: server.url,
      DADOSFERA_USERNAME: "robo",
      DADOSFERA_PASSWORD: "correct-horse",
    });

    const all =
      "1 of its 1 jobs cannot be described, and a program adopts a pipeline with all of them";
    const connector = 'its connector is "s3", and programs describe jobs of "jdbc" only';
    const lines = [
      `Pipeline "S3" (${PIPELINE}): ${all}.\n`,
      `Pipeline "S3" (${PIPELINE}), job (${JOB}): ${connector}.\n`,
    ];
    assert.equal(code, 2);
    assert.equal(
      stderr,
      `${lines.join("")}Pipeline "Antigo" ("legacy-7"): its id is no UUID, and programs name no other.\n`,
    );
    assert.equal(stdout, lines.map((line) => `// ${line}`).join(""));
  });

  it("prints no credential, wherever somebody wrote it down at Dadosfera", async () => {
    await using emulator = await emulatorWith([]);
    const password = emulator.environment["DADOSFERA_PASSWORD"] ?? "";
    await make([aCreation(ORDERS, "Orders", { description: `key: ${password}` })], emulator);

    const ended = await dadosfera(["generate", "--all"], maestroOnly(emulator));

    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /its description holds what looks like a credential\.\n/);
    assert.match(ended.stdout, /new Job\("orders-job-0"/);
    assert.equal(`${ended.stdout}${ended.stderr}`.includes(password), false);
  });

  it("ends with 1 where there is no such pipeline", async () => {
    await using emulator = await emulatorWith([]);

    const ended = await dadosfera(["generate", "--pipeline", ORDERS], maestroOnly(emulator));

    assert.deepEqual(ended, {
      code: 1,
      stdout: "",
      stderr: `Could not describe pipeline ${ORDERS}: Maestro knows no pipeline of this id.\nNothing was changed.\nCorrect the id, or say --all to see every pipeline of your tenant.\n`,
    });
  });

  it("refuses flags that do not say which pipelines, in three lines", async () => {
    const calls = [[], ["--all", "--pipeline", ORDERS], ["--pipeline", "orders"], ["--everything"]];

    const ended = await Promise.all(calls.map((flags) => dadosfera(["generate", ...flags])));

    const either = "say either --pipeline ID or --all.";
    assert.deepEqual(
      ended.map(({ code }) => code),
      [2, 2, 2, 2],
    );
    assert.deepEqual(
      ended.slice(0, 3).map(({ stderr }) => stderr),
      [either, either, '--pipeline "orders" is not a pipeline id (a UUID).'].map(
        (why) =>
          `Did not generate a program: ${why}\nNothing was changed.\nRun \`dadosfera generate --help\` to see the flags.\n`,
      ),
    );
    assert.match(ended[3]?.stderr ?? "", /^Did not generate a program: Unknown option/);
  });
});

function threeLines({ stderr }: Ended): string {
  return stderr.split("\n").slice(-4).join("\n");
}

/** A place for generated files that is not there yet. */
class OutFolder implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), "dadosfera-"));
  readonly path = join(this.#root, "live");

  /** Each file's text, by its name. */
  read(): Readonly<Record<string, string>> {
    const names = readdirSync(this.path);
    return Object.fromEntries(
      names.map((name) => [name, readFileSync(join(this.path, name), "utf8")]),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
