import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator, StackResult } from "pulumi-dadosfera/testing";
import { createSecretsKeeper } from "#src/engine/secrets.js";
import { withPhone } from "../support/orders-program.js";
import {
  type OrdersStack,
  type OrdersStackOptions,
  openOrdersStack,
} from "../support/orders-stack.js";
import { ProgramFolder } from "../support/program-folder.js";

const PASSWORD = "marked-Senha-9f3c17";
const TOTP_SECRET = "MARKEDTOTPSECRET";
const WAREHOUSE_PASSWORD = "marked-Floco-5ab208";
const API_KEY = "ddf_marked_41e7c0";
const WAREHOUSE_TOKEN = "marked-token-77d1b9";
const PASSPHRASE = "marked-passphrase-c03d";

describe("credentials", function () {
  this.timeout(120_000);

  it("in the environment reach no file and no output", async () => {
    await using stack = await openMarkedStack({
      accounts: [{ ...account, password: PASSWORD, totpSecret: TOTP_SECRET }],
      snowflakeLogins: [
        { ...login, credential: { kind: "password", password: WAREHOUSE_PASSWORD } },
      ],
    });

    const texts = await everythingSaid(stack, [PASSWORD, TOTP_SECRET]);

    assert.deepEqual(findIn(texts, [PASSWORD, TOTP_SECRET, WAREHOUSE_PASSWORD, PASSPHRASE]), []);
    assert.ok(texts.size > 5);
  });

  it("in the stack's configuration stand in files and state only encrypted, and reach no output", async () => {
    await using stack = await openMarkedStack({
      accounts: [{ ...account, password: PASSWORD, apiKey: API_KEY }],
      snowflakeLogins: [{ ...login, credential: { kind: "oauth", token: WAREHOUSE_TOKEN } }],
      environment: () => ({}),
    });
    await writeStackFile(stack);

    const texts = await everythingSaid(stack, [API_KEY]);

    assert.deepEqual(findIn(texts, [API_KEY, WAREHOUSE_TOKEN, PASSPHRASE]), []);
    assert.equal(findIn(texts, ["dadosfera:apiKey"]).length > 0, true);
  });
});

const account = {
  username: "robo.etl@exemplo.com.br",
  password: "",
  customerName: "exemplo-varejo",
};
const login = { user: "ROBO_ETL", roles: ["LOADER"] };

async function openMarkedStack(options: OrdersStackOptions): Promise<OrdersStack> {
  const folder = new ProgramFolder();
  mkdirSync(join(folder.root, "tmp"));
  return openOrdersStack({
    ...options,
    folder,
    environment: (emulator) => ({
      ...(options.environment?.(emulator) ?? emulator.environment),
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      TMPDIR: join(folder.root, "tmp"),
    }),
  });
}

/** Every way that words can leave: the walkthrough's outputs, well and badly ended, and every file. */
async function everythingSaid(
  stack: OrdersStack,
  markers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const results: Readonly<Record<string, StackResult>> = await walk(stack, markers);
  const said = Object.entries(results).flatMap(([name, { stdout, stderr }]): [string, string][] => [
    [`stdout of ${name}`, stdout],
    [`stderr of ${name}`, stderr],
  ]);
  const exported = JSON.stringify(await stack.export());
  return new Map([...said, ["export", exported], ...filesIn(stack.folder.root)]);
}

async function walk(stack: OrdersStack, markers: readonly string[]) {
  const up = await stack.up({ skipPreview: true });
  await stack.changeSource();
  await stack.run();
  stack.folder.edit(withPhone);
  // A service that says too much in its refusal.
  stack.emulator.faults.once("PATCH", "/input", {
    kind: "status",
    status: 400,
    body: { detail: `Refused for ${markers.join(" and ")}` },
  });
  const failed = await stack.up({ skipPreview: true, diff: true });
  const changed = await stack.up({ skipPreview: true });
  const refresh = await stack.refresh();
  assert.deepEqual(
    [up, failed, changed, refresh].map(({ exitCode }) => exitCode),
    [0, 1, 0, 0],
    `${up.stdout}${failed.stdout}${changed.stdout}${refresh.stdout}`,
  );
  assert.match(failed.stderr, /Refused for \S/);
  return { up, failed, changed, refresh };
}

/** Links are left alone: they lead to this repository, where the markers stand in this file. */
function filesIn(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [[path, readFileSync(path, "latin1")] as const] : [];
  });
}

/** Where a marker stands, as it is or in base 64, whatever stands before it. */
function findIn(texts: ReadonlyMap<string, string>, markers: readonly string[]): readonly string[] {
  const spellings = markers.flatMap((marker) => [
    marker,
    encodeURIComponent(marker),
    ...[0, 1, 2].map((shift) => middleOfBase64(marker, shift)),
  ]);
  return [...texts].flatMap(([place, text]) =>
    spellings.filter((spelling) => text.includes(spelling)).map((found) => `${found} in ${place}`),
  );
}

/** The letters that depend on the marker alone, when it begins at this place of a group of three. */
function middleOfBase64(marker: string, shift: number): string {
  return Buffer.from("x".repeat(shift) + marker)
    .toString("base64")
    .replaceAll("=", "")
    .slice(shift === 0 ? 0 : 4, -2);
}

async function writeStackFile({ emulator, folder }: OrdersStack): Promise<void> {
  const keeper = createSecretsKeeper({ passphrase: PASSPHRASE, salt: undefined });
  const plain = configurationOf(emulator);
  const lines = Object.entries(plain).map(([key, value]) => `  ${key}: "${value}"`);
  const secrets = { "dadosfera:apiKey": API_KEY, "snowflake:token": WAREHOUSE_TOKEN };
  for (const [key, value] of Object.entries(secrets)) {
    lines.push(`  ${key}:\n    secure: ${await keeper.encrypt(value)}`);
  }
  const text = `encryptionsalt: ${keeper.salt()}\nconfig:\n${lines.join("\n")}\n`;
  writeFileSync(join(folder.path, "Pulumi.dev.yaml"), text);
}

function configurationOf({ environment }: Emulator): Readonly<Record<string, string>> {
  const value = (name: string) => environment[name] ?? "";
  return {
    "dadosfera:baseUrl": value("DADOSFERA_BASE_URL"),
    "dadosfera:customerName": value("DADOSFERA_CUSTOMER_NAME"),
    "dadosfera:pollIntervalMs": "20",
    "snowflake:account": value("SNOWFLAKE_ACCOUNT"),
    "snowflake:user": value("SNOWFLAKE_USER"),
    "snowflake:authenticator": "OAUTH",
    "snowflake:role": value("SNOWFLAKE_ROLE"),
    "snowflake:warehouse": value("SNOWFLAKE_WAREHOUSE"),
    "snowflake:database": value("SNOWFLAKE_DATABASE"),
    "snowflake:schema": value("SNOWFLAKE_SCHEMA"),
    "snowflake:host": value("SNOWFLAKE_HOST"),
    "snowflake:port": value("SNOWFLAKE_PORT"),
    "snowflake:protocol": value("SNOWFLAKE_PROTOCOL"),
  };
}
