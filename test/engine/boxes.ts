import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type ImportOptions,
  openStack,
  type RunOptions,
  type StackResult,
} from "#src/engine/open-stack.js";
import type { ResourceState } from "#src/engine/resource-state.js";

/** One box that the fixture's program registers. */
export interface BoxPlan {
  readonly name: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  /** The box whose label becomes this one's input `source`. */
  readonly from?: string;
  readonly parent?: string;
  readonly dependsOn?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** A component without a provider, not a box. */
  readonly shelf?: boolean;
}

export interface ProviderCall {
  readonly method: string;
  readonly name: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, string>>;
}

/** A copy of the fixture, with a world of its own for its boxes and a state of its own. */
export class Boxes {
  readonly root: string;
  readonly program: string;
  readonly world: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor() {
    const packageRoot = dirname(require.resolve("pulumi-dadosfera/package.json"));
    // Inside the repository, so that the program finds @pulumi/pulumi by looking upwards.
    this.program = mkdtempSync(join(packageRoot, "build", "boxes-"));
    cpSync(join(packageRoot, "test/engine/fixtures/boxes"), this.program, { recursive: true });
    this.root = mkdtempSync(join(tmpdir(), "boxes-"));
    this.world = join(this.root, "world");
    mkdirSync(this.world);
    this.environment = { WORLD: this.world, PULUMI_BACKEND_URL: `file://${this.root}` };
  }

  preview(boxes: readonly BoxPlan[], options: RunOptions = {}): Promise<StackResult> {
    return this.#open(boxes).preview(options);
  }

  /** Without a preview before it, unless `skipPreview` is false. */
  up(boxes: readonly BoxPlan[], options: RunOptions = {}): Promise<StackResult> {
    return this.#open(boxes).up({ skipPreview: true, ...options });
  }

  refresh(options: RunOptions = {}): Promise<StackResult> {
    return this.#open([]).refresh(options);
  }

  destroy(options: RunOptions = {}): Promise<StackResult> {
    return this.#open([]).destroy({ skipPreview: true, ...options });
  }

  /** Without a preview before it. */
  import(options: ImportOptions): Promise<StackResult> {
    return this.#open([]).import({ skipPreview: true, ...options });
  }

  cancel(): Promise<StackResult> {
    return this.#open([]).cancel();
  }

  export(): Promise<unknown> {
    return this.#open([]).export();
  }

  get stateFile(): string {
    return join(this.root, ".pulumi/stacks/boxes/test.json");
  }

  get stateText(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  get resources(): readonly ResourceState[] {
    return JSON.parse(this.stateText).checkpoint.latest.resources ?? [];
  }

  get pendingOperations(): readonly { readonly type: string; readonly resource: ResourceState }[] {
    return JSON.parse(this.stateText).checkpoint.latest.pending_operations ?? [];
  }

  find(name: string): ResourceState | undefined {
    return this.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** What the provider was asked for since the last call of `forgetCalls`. */
  get calls(): readonly ProviderCall[] {
    const file = join(this.world, "calls.jsonl");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The calls as `method name`, without those that only look. */
  get changes(): readonly string[] {
    const looking = ["configure", "check", "diff", "read"];
    return this.calls
      .filter(({ method }) => !looking.includes(method))
      .map(({ method, name }) => `${method} ${name}`);
  }

  forgetCalls(): void {
    writeFileSync(join(this.world, "calls.jsonl"), "");
  }

  /** The boxes that are really there. */
  get things(): readonly string[] {
    return readdirSync(this.world)
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -5));
  }

  readThing(id: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.world, `${id}.json`), "utf8"));
  }

  /** Lets go what waits for it. */
  release(): void {
    writeFileSync(join(this.world, "release"), "");
  }

  /** Waits for something that the provider does to the world. */
  async until(isReached: () => boolean): Promise<void> {
    const watcher = watch(this.world);
    try {
      while (!isReached()) await once(watcher, "change");
    } finally {
      watcher.close();
    }
  }

  writeConfig(text: string): void {
    appendFileSync(join(this.program, "Pulumi.test.yaml"), text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.program, { recursive: true, force: true });
    rmSync(this.root, { recursive: true, force: true });
  }

  #open(boxes: readonly BoxPlan[]) {
    const env = { ...this.environment, BOXES: JSON.stringify(boxes) };
    return openStack({ cwd: this.program, stack: "test", env });
  }
}
