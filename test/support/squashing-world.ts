import { createHash } from "node:crypto";
import fc from "fast-check";
import {
  type MigrationPlan,
  type MigrationStep,
  planMigrations,
  stateAfter,
} from "#src/domain/migration-plan.js";
import type { SquashRecord } from "#src/domain/squash-record.js";

/** A migration of the folder; `leaves` are those that somebody wrote, of which it was made. */
interface Node {
  readonly version: string;
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly replaces?: SquashRecord["replaces"];
  readonly leaves: readonly string[];
}

/** One thing that happens to a folder, or to a database that is migrated from it. */
export type Event =
  | { readonly kind: "add" }
  | {
      readonly kind: "squash";
      readonly from: number;
      readonly length: number;
      readonly policy: "last" | "now";
    }
  | {
      readonly kind: "up";
      /** How much of the folder is wanted, in hundredths. */
      readonly wanted: number;
      /** How many steps are carried out; all for undefined. */
      readonly killedAfter: number | undefined;
      /** Whether a resource keeps what it applied, or somebody else migrates. */
      readonly isKept: boolean;
    };

export const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Event>({ kind: "add" }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("squash" as const),
        from: fc.nat({ max: 8 }),
        length: fc.integer({ min: 2, max: 5 }),
        policy: fc.constantFrom("last" as const, "now" as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("up" as const),
        wanted: fc.integer({ min: 1, max: 100 }),
        killedAfter: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
        isKept: fc.boolean(),
      }),
    },
  ),
  { maxLength: 14, size: "max" },
);

/** A folder whose squashes are squashed again, and a database that lags behind it. */
export class SquashingWorld {
  #folder: readonly Node[] = [];
  #made = new Map<string, Node>();
  #state: ReadonlyMap<string, boolean> = new Map();
  #applied: ReadonlyMap<string, string> = new Map();
  #version = 0;
  /** What ran in the database, by the migrations that somebody wrote. */
  readonly ran: string[] = [];

  get versions(): readonly string[] {
    return this.#folder.map(({ version }) => version);
  }

  get state(): readonly string[] {
    return [...this.#state.keys()];
  }

  get leaves(): readonly string[] {
    return this.#folder.flatMap(({ leaves }) => leaves);
  }

  happen(event: Event): void {
    switch (event.kind) {
      case "add":
        this.#add();
        break;
      case "squash":
        this.#squash(event);
        break;
      case "up": {
        const last = Math.ceil((this.#folder.length * event.wanted) / 100) - 1;
        const plan = this.plan(this.#folder[last]?.version);
        // To go back, or to stop within a squash, is another matter.
        if (plan.kind !== "steps" || plan.steps.some(({ kind }) => kind === "run-down")) break;
        this.#carryOut(plan.steps, event);
      }
    }
  }

  /** Everything, undisturbed. */
  finish(): MigrationPlan {
    const plan = this.plan();
    if (plan.kind === "steps") this.#carryOut(plan.steps, { killedAfter: undefined, isKept: true });
    return plan;
  }

  plan(target?: string): MigrationPlan {
    const squashes = this.#folder.flatMap((node) =>
      node.replaces === undefined ? [] : [[node.version, recordOf(node, node.replaces)] as const],
    );
    return planMigrations({
      migrations: this.#folder,
      squashes: new Map(squashes),
      state: this.#state,
      applied: this.#applied,
      target,
      partlyApplied: "finish",
      parts: new Set(this.#made.keys()),
      serverMajor: 15,
      allowProofOf: [],
    });
  }

  #add(): void {
    const version = this.#nextVersion();
    this.#folder = [...this.#folder, this.#make({ version, name: "m", leaves: [version] })];
  }

  #squash({ from, length, policy }: Extract<Event, { kind: "squash" }>): void {
    const parts = this.#folder.slice(from, from + length);
    const isTail = from + length >= this.#folder.length;
    if (parts.length < 2 || (policy === "now" && !isTail)) return;
    const version = policy === "now" ? this.#nextVersion() : (parts.at(-1)?.version ?? "");
    const squash = this.#make({
      version,
      name: `squash_${this.#made.size}`,
      replaces: parts.map(({ leaves: _leaves, ...part }) => part),
      leaves: parts.flatMap(({ leaves }) => leaves),
    });
    this.#folder = this.#folder.toSpliced(from, parts.length, squash);
  }

  #carryOut(
    steps: readonly MigrationStep[],
    { killedAfter, isKept }: Pick<Extract<Event, { kind: "up" }>, "killedAfter" | "isKept">,
  ): void {
    for (const step of steps.slice(0, killedAfter)) {
      if (step.kind === "run-up") this.ran.push(...this.#leavesOf(step));
      this.#state = stateAfter(this.#state, step);
    }
    if (!isKept || (killedAfter ?? steps.length) < steps.length) return;
    const listed = this.#folder.filter(({ version }) => this.#state.has(version));
    this.#applied = new Map(listed.map(({ version, up }) => [version, up.slice(0, 16)]));
  }

  #leavesOf({ version, part }: Extract<MigrationStep, { kind: "run-up" }>): readonly string[] {
    const node =
      part === undefined
        ? this.#folder.find((one) => one.version === version)
        : this.#made.get(part.up);
    if (node === undefined) throw new Error(`no file of ${version}`);
    return node.leaves;
  }

  #make(node: Omit<Node, "up" | "down">): Node {
    const [up, down] = [hashOf(`up ${node.version} ${node.name}`), hashOf(`down ${node.version}`)];
    const made = { ...node, up, down };
    this.#made.set(up, made);
    return made;
  }

  #nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function recordOf({ up, down }: Node, replaces: SquashRecord["replaces"]): SquashRecord {
  return {
    format: 1,
    replaces,
    up,
    down,
    commit: "c".repeat(40),
    folder: "migrations/default",
    proofs: [
      { engine: "PostgreSQL 15.18", major: 15, prelude: null, tables: 1, rows: 8, losses: [] },
    ],
  };
}
