import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { inTurn, type Part, spread } from "./measure.js";

const HEAVY = ["snowflake-sdk", "undici", "zod"];

/** What it costs a program to import this package, beside Pulumi's SDK, which it needs anyway. */
export const loading: Part = async ({ repeats }) => {
  const pairs = await inTurn(
    repeats,
    async () => (await load("@pulumi/pulumi")).ms,
    async () => (await load("pulumi-dadosfera")).ms,
  );
  const { files } = await load("pulumi-dadosfera");
  const loaded = HEAVY.filter((name) =>
    files.some((file) => file.includes(`/node_modules/${name}/`)),
  );
  const [sdk, ours] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  return [
    {
      what: "Import of `pulumi-dadosfera`, the SDK included, beside `@pulumi/pulumi` alone",
      measured: `${spread(ours, "ms")} beside ${spread(sdk, "ms")}`,
    },
    {
      what: "Of snowflake-sdk, undici and zod, an import in a program loads",
      measured: loaded.length === 0 ? "none" : loaded.join(", "),
      bound: { text: "none", isHeld: loaded.length === 0 },
    },
  ];
};

async function load(
  entry: string,
): Promise<{ readonly ms: number; readonly files: readonly string[] }> {
  const script = `
    const startedAt = performance.now();
    require(${JSON.stringify(entry)});
    const ms = performance.now() - startedAt;
    console.log(JSON.stringify({ ms, files: Object.keys(require.cache) }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    cwd: PACKAGE_ROOT,
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout);
}
