import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerText } from "#src/resources/provider-text.js";
import { dadosfera } from "../support/command.js";
import { aCreation, emulatorWith, maestroOnly, ORDERS } from "../support/made-elsewhere.js";
import { ProgramFolder } from "../support/program-folder.js";

describe("dadosfera import-file", function () {
  this.timeout(60_000);

  it("writes each resource with its inputs, its outputs and the provider's text", async () => {
    await using emulator = await emulatorWith([aCreation(ORDERS, "Orders")]);
    using folder = new ProgramFolder();
    const file = join(folder.path, "import.json");
    const flags = ["--pipeline", ORDERS, "--out", file, "--project", "shop", "--stack", "team/dev"];

    const { code, stdout } = await dadosfera(["import-file", ...flags], maestroOnly(emulator));

    const { resources } = JSON.parse(readFileSync(file, "utf8"));
    const [pipeline, job] = resources;
    const type = "pulumi-nodejs:dynamic/dadosfera";
    const urn = "urn:pulumi:dev::shop";
    assert.deepEqual([code, stdout, resources.length], [0, "", 2]);
    assert.deepEqual(
      [pipeline.type, pipeline.name, pipeline.id, pipeline.parent],
      [`${type}:Pipeline`, "orders", ORDERS, undefined],
    );
    assert.deepEqual(pipeline.inputs.__dadosfera, { urn: `${urn}::${type}:Pipeline::orders` });
    assert.equal(pipeline.inputs.__provider, providerText("Pipeline"));
    assert.deepEqual(pipeline.outputs, { ...pipeline.inputs, isAdopted: true });
    assert.deepEqual(
      [job.type, job.name, job.id, job.parent],
      [`${type}:Job`, "orders-cadastros-pedidos", `${ORDERS}-0`, "orders"],
    );
    assert.deepEqual(job.inputs.__dadosfera, {
      urn: `${urn}::${type}:Pipeline$${type}:Job::orders-cadastros-pedidos`,
    });
    assert.equal(job.inputs.__provider, providerText("Job"));
    assert.equal(job.outputs.destinationTable, "tb__xqfu8g__cadastros__pedidos");
    assert.deepEqual(job.outputs, job.inputs);
  });

  it("refuses to guess the project", async () => {
    const main = require.resolve("#src/cli/main.js");

    const { status, stderr } = spawnSync(process.execPath, [main, "import-file", "--all"], {
      cwd: tmpdir(),
      encoding: "utf8",
    });

    assert.equal(status, 2);
    assert.equal(
      stderr,
      "Did not write the import file: no Pulumi.yaml in the current folder names the project, so say --project NAME.\n" +
        "Nothing was changed.\n" +
        "Run `dadosfera import-file --help` to see the flags.\n",
    );
  });
});
