import type { Migration } from "#src/domain/migration.js";
import type { MigrationTraits } from "#src/domain/squash-groups.js";
import type { PartVerdict, SquashRequest } from "#src/domain/squash-plan.js";
import type { TransactionTraits } from "#src/domain/transaction-traits.js";

/** A file that shares a transaction with any other. */
const PLAIN: TransactionTraits = {
  isEmpty: false,
  isOpen: false,
  alone: [],
  settings: [],
  addedValues: [],
  deferredTables: [],
  changesRows: false,
  alteredTables: [],
  altersUnknown: false,
};

export interface PartSample {
  readonly version: string;
  readonly up?: Partial<TransactionTraits>;
  readonly down?: Partial<TransactionTraits>;
  readonly verdict?: PartVerdict;
}

/** A request over migrations named `part`, all of it exact and plain where the samples do not say otherwise. */
export function aSquashRequest(
  samples: readonly PartSample[],
  changes: Partial<SquashRequest> = {},
): SquashRequest {
  return {
    migrations: samples.map(({ version }) => aMigration(version)),
    from: samples[0]?.version ?? "",
    name: "joined",
    policy: { kind: "last" },
    traits: new Map(samples.map((sample) => [sample.version, traitsOf(sample)])),
    verdicts: new Map(
      samples.map(({ version, verdict }) => [version, verdict ?? { kind: "exact" }]),
    ),
    acceptedLosses: [],
    records: new Map(),
    ...changes,
  };
}

export function aMigration(version: string): Migration {
  const file = (direction: "up" | "down") => ({
    path: `migrations/${version}_part/${direction}.sql`,
    sql: `${direction} ${version};\n`,
    hash: (direction === "up" ? "a" : "b").repeat(64),
  });
  return { version, name: "part", up: file("up"), down: file("down") };
}

function traitsOf({ up, down }: PartSample): MigrationTraits {
  return { up: { ...PLAIN, ...up }, down: { ...PLAIN, ...down } };
}
