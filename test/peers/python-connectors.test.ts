import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "pulumi-dadosfera/testing";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { CONNECTORS, pythonOf } from "./python-environments.js";

const exec = promisify(execFile);
const SCRIPTS = join(PACKAGE_ROOT, "test", "peers", "python");
const STATEMENTS = statementNames();

describe("Snowflake's connectors for Python", () => {
  it("are tried with sixty statements", () => {
    assert.equal(new Set(STATEMENTS).size, 60);
  });
});

for (const connector of CONNECTORS) {
  const needs = `needs .peers/snowflake-connector-${connector}, which npm run test:peers makes`;

  describe(`the warehouse, asked by snowflake-connector-python ${connector} (${needs})`, () => {
    let problems: ReadonlyMap<string, string | null>;

    before(async function () {
      this.timeout(120_000);
      const python = pythonOf(connector);
      if (python === undefined) return this.skip();
      problems = await problemsOf(python);
    });

    for (const statement of STATEMENTS) {
      it(statement, () => {
        assert.equal(problems.get(statement), null);
      });
    }
  });
}

/** What the script found, by statement: null, or what is wrong with the answer. */
async function problemsOf(python: string): Promise<ReadonlyMap<string, string | null>> {
  const home = mkdtempSync(join(tmpdir(), "python-connectors-"));
  try {
    const keyFile = join(home, "key.p8");
    await using emulator = await startEmulator({
      snowflakeLogins: [LOADER, robot(keyFile)],
    });
    const script = join(SCRIPTS, "sixty_statements.py");
    const { stdout } = await exec(python, ["-B", "-W", "ignore", script], {
      timeout: 90_000,
      env: {
        ...emulator.environment,
        // The connectors keep caches and logs at home, and ask clouds where they run unless told not to.
        HOME: home,
        NO_PROXY: "127.0.0.1",
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: "true",
        PEERS_KEY_PAIR_USER: "ROBOT",
        PEERS_PRIVATE_KEY_FILE: keyFile,
      },
    });
    return new Map(stdout.trim().split("\n").map(parsed));
  } finally {
    rmSync(home, { recursive: true });
  }
}

function parsed(line: string): readonly [string, string | null] {
  const { statement, problem }: { statement: string; problem: string | null } = JSON.parse(line);
  return [statement, problem];
}

const LOADER = {
  user: "LOADER",
  roles: ["LOADER"],
  credential: { kind: "password", password: "secret" },
} as const;

/** Someone who signs in with the private key in this file. */
function robot(keyFile: string) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  return {
    user: "ROBOT",
    roles: ["LOADER"],
    credential: { kind: "key-pair", publicKey },
  } as const;
}

/** The names that the scripts give to what they try, without asking Python: it may be missing. */
function statementNames(): readonly string[] {
  return readdirSync(SCRIPTS)
    .filter((file) => file.endsWith(".py"))
    .map((file) => readFileSync(join(SCRIPTS, file), "utf8"))
    .flatMap((script) => [...script.matchAll(/^@statement\("(.*)"\)$/gm)])
    .map(([, name = ""]) => name);
}
