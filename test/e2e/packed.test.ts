import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { replaced } from "../support/orders-program.js";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { ProgramFolder } from "../support/program-folder.js";

const exec = promisify(execFile);
const BIN = "dist/cli/main.js";
const TSC = join(PACKAGE_ROOT, "node_modules", "typescript", "bin", "tsc");

describe("the packed package, unpacked into an empty project", function () {
  this.timeout(120_000);

  it("previews, creates and changes a pipeline with what is in the tarball", async () => {
    using folder = new ProgramFolder();
    await installPacked(folder);
    const { startEmulator } = testingOf(folder);
    await using emulator = await startEmulator({ seed: "caso-1" });
    const dadosfera = (...args: readonly string[]) =>
      exec("npx", ["--no-install", "dadosfera", "engine", ...args, "--stack", "dev"], {
        cwd: folder.path,
        env: {
          ...process.env,
          ...emulator.environment,
          PULUMI_BACKEND_URL: folder.backendUrl,
          DADOSFERA_POLL_INTERVAL_MS: "20",
        },
      });

    folder.edit((program) => replaced(program, '"status", ', ""));
    const preview = await dadosfera("preview");
    const up = await dadosfera("up", "--yes", "--skip-preview");
    folder.edit((program) =>
      replaced(
        replaced(program, '"valor", ', '"valor", "status", '),
        'primaryKeys: ["id"],',
        'primaryKeys: ["id"],\n      backfill: { columns: ["status"], rows: "all" },',
      ),
    );
    const changed = await dadosfera("up", "--yes", "--skip-preview");
    const rows = await emulator.warehouse.rows(
      "SELECT ID, STATUS FROM PUBLIC.TB__XQFU8G__CADASTROS__PEDIDOS ORDER BY ID",
    );

    assert.match(preview.stdout, /\+ 3 to create/);
    assert.match(up.stdout, /\+ 3 created/);
    assert.match(changed.stdout, /~ 1 updated/);
    assert.deepEqual(
      rows.map(({ STATUS }) => STATUS),
      ["pago", "enviado", "pago", "cancelado", "pendente"],
    );
  });
});

for (const resolution of [
  ["--module", "commonjs", "--moduleResolution", "node10", "--ignoreDeprecations", "6.0"],
  ["--module", "node20"],
]) {
  describe(`a program that is compiled with ${resolution.join(" ")}`, function () {
    this.timeout(120_000);

    it("finds the types of the packed package", async () => {
      using folder = new ProgramFolder();
      await installPacked(folder);
      const testing =
        'import { openStack } from "pulumi-dadosfera/testing";\nexport { openStack };\n';
      folder.edit((program) => `${testing}${program}`);

      const flags = ["--noEmit", "--strict", "--skipLibCheck", "--types", "node", ...resolution];
      const { stdout } = await exec(process.execPath, [TSC, ...flags, folder.program], {
        cwd: folder.path,
      });

      assert.equal(stdout, "");
    });
  });
}

/** As `npm install` of the tarball does, but for the packages that it depends on: those are here already. */
async function installPacked({ root, path }: ProgramFolder): Promise<void> {
  const installed = join(path, "node_modules", "pulumi-dadosfera");
  const bin = join(path, "node_modules", ".bin");
  const { stdout } = await exec("npm", ["pack", "--json", "--pack-destination", root], {
    cwd: PACKAGE_ROOT,
  });
  const packed = JSON.parse(stdout) as readonly { readonly filename: string }[];
  rmSync(installed);
  mkdirSync(installed);
  mkdirSync(bin);
  await exec("tar", [
    "-xf",
    join(root, packed[0]?.filename ?? ""),
    "-C",
    installed,
    "--strip",
    "1",
  ]);
  symlinkSync(join(installed, BIN), join(bin, "dadosfera"));
  chmodSync(join(installed, BIN), 0o755);
}

function testingOf({ program }: ProgramFolder): typeof import("pulumi-dadosfera/testing") {
  return createRequire(program)("pulumi-dadosfera/testing");
}
