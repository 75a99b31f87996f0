import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../support/package-root.js";
import { circumstancesOf, type Interruption } from "./circumstances.js";
import { RECORDINGS, type RecordedCall, read, type Step } from "./recordings.js";

export const PASSPHRASE = "sample-passphrase";

/** The recordings' project in a folder of its own, as it was before one step. */
export class Workspace implements Disposable {
  readonly root = mkdtempSync(join(realpathSync(tmpdir()), "scenario-"));
  readonly project = join(this.root, "project");
  readonly home = join(this.root, "home");
  readonly stateFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly interruption: Interruption | undefined;
  /** The text of the state file before the step. */
  readonly stateBefore: string;
  readonly #calls = join(this.root, "calls.jsonl");

  constructor(step: Step) {
    const program = join("scenarios", step.scenario, "program.js");
    mkdirSync(join(this.project, dirname(program)), { recursive: true });
    for (const file of [
      "Pulumi.yaml",
      "index.js",
      "package.json",
      "provider.js",
      "thing.js",
      program,
    ])
      cpSync(join(RECORDINGS, file), join(this.project, file));
    symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(this.project, "node_modules"));
    const stackIndex = step.args.indexOf("--stack");
    const stack = stackIndex < 0 ? "dev" : (step.args[stackIndex + 1] ?? "dev");
    this.stateFile = join(this.root, ".pulumi/stacks/sample", `${stack}.json`);
    const start = step.start === undefined ? undefined : read(step.scenario, step.start);
    this.stateBefore = withRealValues(start ?? EMPTY);
    const { files, isLocked, interruption } = circumstancesOf(step);
    this.interruption = interruption;
    this.#write(this.stateFile, this.stateBefore);
    this.#write(join(this.root, ".pulumi/meta.yaml"), "version: 1\n");
    const stackFile =
      read(step.scenario, "Pulumi.dev.yaml") ?? `encryptionsalt: ${saltOf(start)}\n`;
    const written = { [`Pulumi.${stack}.yaml`]: stackFile, ...files };
    for (const [file, text] of Object.entries(written)) this.#write(join(this.project, file), text);
    if (isLocked)
      this.#write(join(this.root, ".pulumi/locks/organization/sample", stack, LOCK), "{}");
    mkdirSync(this.home);
    this.environment = {
      PROGRAM: join(this.project, program),
      STEP: step.variation,
      STACK: stack,
      CALLS: this.#calls,
      NODE_OPTIONS: `--require=${require.resolve("./record-calls.js")}`,
      PULUMI_BACKEND_URL: `file://${this.root}`,
      PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
      ...step.environment,
    };
  }

  get stateText(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  /** What program and provider were asked so far, in the order of time. */
  get calls(): readonly RecordedCall[] {
    if (!existsSync(this.#calls)) return [];
    const lines = readFileSync(this.#calls, "utf8").trim().split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }

  /** What a killed command has started would stay for ever. */
  endOrphans(): void {
    const pids = new Set(this.calls.map(({ n }) => Number(String(n).split("-")[0])));
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const LOCK = "7d3f1c52-4a1e-4d0c-9c55-0a8a1f6f2b11.json";

const EMPTY = JSON.stringify({
  version: 3,
  checkpoint: { stack: "organization/sample/dev", latest: { manifest: { time: "<time>" } } },
});

/** A salt that belongs to the passphrase of the recordings. */
const SALT = "v1:nbid4zgpxp0=:v1:HwO0Leuio8fa6l33:PqLNJQbXV2b8DwsIt3QKggPCz2ag0w==";

function saltOf(state: string | undefined): string {
  const stored = state === undefined ? undefined : JSON.parse(state);
  return stored?.checkpoint.latest.secrets_providers?.state.salt ?? SALT;
}

/** Puts real values in the place of those that the recordings leave out. */
function withRealValues(text: string): string {
  const version = /"version": ?"(v[^"]+)"/.exec(text)?.[1] ?? "";
  return text
    .replaceAll("<magic>", createHash("sha256").update(version).digest("hex"))
    .replaceAll("<time>", "2026-01-01T00:00:00Z")
    .replaceAll("<provider text>", JSON.stringify(providerText()).slice(1, -1));
}

/** What `<provider text>` stands for in the recordings. */
export function providerText(): string {
  const source = readFileSync(join(RECORDINGS, "thing.js"), "utf8");
  const [before = ""] = source.split("class Thing");
  return [...before.matchAll(/`(.*)`/g)].map(([, part]) => part).join("");
}
