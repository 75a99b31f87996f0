import type { World } from "../support/world.js";

type MaestroFault = ReturnType<Parameters<World["emulator"]["faults"]["on"]>[0]>;
type SnowflakeFault = ReturnType<Parameters<World["emulator"]["warehouse"]["faults"]["on"]>[0]>;

/** Something that goes wrong with one request or statement, and kills nobody. */
export type Trouble = {
  readonly name: string;
  /** From there on everything that is sent meets it. */
  readonly isLasting?: boolean;
} & (
  | { readonly door: "maestro"; readonly meet: (world: World) => MaestroFault }
  | {
      readonly door: "snowflake";
      readonly fault: SnowflakeFault;
      /** The statements that can meet it; every one, and every login, unless given. */
      readonly statements?: RegExp;
    }
);

const ANY = /^/;
const STATEMENTS = /^\S/;
/** What the driver may send twice with two effects. */
const DML = /^(?:DELETE|INSERT|UPDATE|MERGE)/;

function maestro(name: string, fault: MaestroFault): Trouble {
  return { name: `Maestro: ${name}`, door: "maestro", meet: () => fault };
}

function snowflake(name: string, fault: SnowflakeFault, statements = ANY): Trouble {
  return { name: `Snowflake: ${name}`, door: "snowflake", fault, statements };
}

function refusal(code: string, sqlState: string, message: string): SnowflakeFault {
  return { kind: "error", code, sqlState, message };
}

const BUSY = {
  kind: "status",
  status: 429,
  body: { message: "Too Many Requests", statusCode: 429 },
  headers: { "retry-after": "2" },
} as const;
const PLATFORM_FAILURE = {
  kind: "status",
  status: 500,
  body: { detail: { exception_type: "InternalError", traceback: "could not commit" } },
} as const;
const GATEWAY_FAILURE = {
  kind: "status",
  status: 500,
  body: { message: "Internal server error", statusCode: 500 },
} as const;

export const TROUBLES: readonly [Trouble, ...Trouble[]] = [
  maestro("429", BUSY),
  maestro("500 of the platform", PLATFORM_FAILURE),
  maestro("500 of the gateway", GATEWAY_FAILURE),
  maestro("cut before the work", { kind: "drop-before" }),
  maestro("cut after the work", { kind: "drop-after" }),
  maestro("cut, and the work done 20 s later", { kind: "drop-then-late", ms: 20_000 }),
  {
    name: "Maestro: tokens expire",
    door: "maestro",
    meet: ({ emulator }) => {
      emulator.revokeTokens();
      return undefined;
    },
  },
  { ...maestro("not to be reached any more", { kind: "drop-before" }), isLasting: true },
  snowflake("503", { kind: "status", status: 503 }),
  snowflake("cut before the work", { kind: "drop-before" }),
  snowflake("cut after the work", { kind: "drop-after" }),
  snowflake("sent twice, done twice", { kind: "drop-after", forgets: true }, DML),
  snowflake("session gone", refusal("390111", "08001", "Session no longer exists."), STATEMENTS),
  snowflake("token expired", refusal("390112", "08001", "Your session has expired."), STATEMENTS),
  snowflake(
    "disk full",
    refusal("000603", "XX000", "SQL execution internal error: no space left on device"),
    STATEMENTS,
  ),
  // A status that the driver does not try again: it would wait for minutes.
  { ...snowflake("not to be reached any more", { kind: "status", status: 400 }), isLasting: true },
];

/** Has the nth arrival that can meet the trouble meet it; counts such arrivals until `stop`. */
export function meetAt(
  world: World,
  trouble: Trouble,
  at: number,
): { count(): number; stop(): void } {
  let arrived = 0;
  const isHere = () => {
    arrived += 1;
    const place = arrived - 1;
    return trouble.isLasting === true && at >= 0 ? place >= at : place === at;
  };
  const { faults, warehouse } = world.emulator;
  const stop =
    trouble.door === "maestro"
      ? faults.on(() => (isHere() ? trouble.meet(world) : undefined))
      : warehouse.faults.on(({ sql, attempt }) => {
          const isRepeated = attempt > 0 && trouble.isLasting !== true;
          if (isRepeated || trouble.statements?.test(sql) === false) return { kind: "none" };
          return isHere() ? trouble.fault : { kind: "none" };
        });
  return { count: () => arrived, stop };
}
