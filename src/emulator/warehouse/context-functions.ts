import { literal } from "./identifiers.js";
import type { Environment, Translation } from "./translation.js";

type Answer = (environment: Environment) => string;

const orNull = (value: string | undefined) =>
  value === undefined ? "NULL::VARCHAR" : literal(value);
const now: Answer = ({ now: at }) => `CAST(${literal(at.toISOString())} AS TIMESTAMPTZ)`;
const utcNow: Answer = ({ now: at }) =>
  `CAST(${literal(at.toISOString().slice(0, -1))} AS TIMESTAMP)`;

const ANSWERS: Readonly<Record<string, Answer>> = {
  CURRENT_ROLE: ({ role }) => literal(role),
  CURRENT_USER: ({ user }) => literal(user),
  CURRENT_DATABASE: ({ database }) => orNull(database),
  CURRENT_SCHEMA: ({ schema }) => orNull(schema),
  CURRENT_WAREHOUSE: ({ warehouse }) => orNull(warehouse),
  CURRENT_SESSION: ({ session }) => literal(session),
  CURRENT_ACCOUNT: () => "'EMULATED'",
  CURRENT_REGION: () => "'LOCAL'",
  CURRENT_VERSION: () => "'9.0.0'",
  LAST_QUERY_ID: ({ lastQueryId }) => orNull(lastQueryId),
  CURRENT_TIMESTAMP: now,
  GETDATE: now,
  LOCALTIMESTAMP: now,
  SYSTIMESTAMP: now,
  SYSDATE: utcNow,
  CURRENT_DATE: (environment) => `CAST(${now(environment)} AS DATE)`,
  CURRENT_TIME: (environment) => `CAST(${now(environment)} AS TIME)`,
  LOCALTIME: (environment) => `CAST(${now(environment)} AS TIME)`,
};

/** Functions that ask who and when: the emulator answers, by its own clock. */
export function readContextFunction(t: Translation, name: string): string | undefined {
  const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined;
  if (answer === undefined) return undefined;
  if (t.reader.accept("(")) {
    // CURRENT_TIMESTAMP(3): DuckDB keeps microseconds whatever was asked for.
    if (t.reader.peek().kind === "number") t.reader.integer();
    t.reader.expect(")");
  }
  return answer(t.environment);
}
