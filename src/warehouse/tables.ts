import type { BackUp, Compared, Identity, TableName, Window } from "../domain/destination.js";
import type { WindowCounts } from "../domain/preflight.js";
import { countUnsaved, dropBackUp, takeBackUp } from "./back-up.js";
import { countWindow, type DestinationTable, findTable, occupiedSeconds } from "./destination.js";
import {
  deleteWindow,
  putBackLost,
  putBackVersions,
  type Reach,
  restoreWindow,
} from "./effects.js";
import {
  type Arrived,
  collectArrived,
  type Replaced,
  replaceBoundary,
  replaceWindow,
} from "./replacement.js";
import type { Runner } from "./session.js";
import {
  compareByKey,
  compareByRow,
  countBehind,
  countDeduplicated,
  countDoubled,
  countOutside,
  type KeyComparison,
  measureFill,
  type RowComparison,
} from "./verification.js";

/** What a change asks of the destination's tables, by the session or transaction of its runner. Counts are rows. */
export interface Tables {
  find(database: string, schema: string, name: string): Promise<DestinationTable | undefined>;
  countWindow(table: TableName, window: Window, identity: Identity): Promise<WindowCounts>;
  occupiedSeconds(table: TableName, window: Window & { kind: "after" }): Promise<readonly number[]>;
  takeBackUp(source: DestinationTable, copy: TableName): Promise<BackUp>;
  dropBackUp(copy: TableName): Promise<void>;
  countUnsaved(compared: Compared): Promise<number>;
  deleteWindow(table: TableName, window: Window): Promise<number>;
  restoreWindow(compared: Compared, reach: Reach): Promise<number>;
  putBackLost(compared: Compared): Promise<number>;
  putBackVersions(compared: Compared): Promise<number>;
  collectArrived(
    compared: Compared,
    reach: Pick<Reach, "restoredUpTo">,
    into: TableName,
  ): Promise<Arrived>;
  replaceWindow(
    compared: Compared,
    arrived: Arrived,
    options: { readonly keepsVersions: boolean },
  ): Promise<Replaced>;
  replaceBoundary(compared: Compared, arrived: Arrived): Promise<Replaced>;
  compareByKey(compared: Compared): Promise<KeyComparison>;
  compareByRow(compared: Compared): Promise<RowComparison>;
  countDoubled(compared: Compared): Promise<number>;
  countOutside(compared: Compared): ReturnType<typeof countOutside>;
  measureFill(compared: Compared, columns: readonly string[]): ReturnType<typeof measureFill>;
  countDeduplicated(
    table: TableName,
    keys: readonly string[],
  ): ReturnType<typeof countDeduplicated>;
  countBehind(
    deduplicated: TableName,
    raw: Pick<Compared, "table" | "identity">,
    column: readonly [string, string],
  ): Promise<number>;
}

/** The tables as Snowflake holds them. */
export function tablesOf(runner: Runner): Tables {
  return {
    find: (database, schema, name) => findTable(runner, database, schema, name),
    countWindow: (table, window, identity) => countWindow(runner, table, window, identity),
    occupiedSeconds: (table, window) => occupiedSeconds(runner, table, window),
    takeBackUp: (source, copy) => takeBackUp(runner, source, copy),
    dropBackUp: (copy) => dropBackUp(runner, copy),
    countUnsaved: (compared) => countUnsaved(runner, compared),
    deleteWindow: (table, window) => runner.run(deleteWindow(table, window)),
    restoreWindow: (compared, reach) => restoreWindow(runner, compared, reach),
    putBackLost: (compared) => putBackLost(runner, compared),
    putBackVersions: (compared) => putBackVersions(runner, compared),
    collectArrived: (compared, reach, into) => collectArrived(runner, compared, reach, into),
    replaceWindow: (compared, arrived, options) =>
      replaceWindow(runner, compared, arrived, options),
    replaceBoundary: (compared, arrived) => replaceBoundary(runner, compared, arrived),
    compareByKey: (compared) => compareByKey(runner, compared),
    compareByRow: (compared) => compareByRow(runner, compared),
    countDoubled: (compared) => countDoubled(runner, compared),
    countOutside: (compared) => countOutside(runner, compared),
    measureFill: (compared, columns) => measureFill(runner, compared, columns),
    countDeduplicated: (table, keys) => countDeduplicated(runner, table, keys),
    countBehind: (deduplicated, raw, column) => countBehind(runner, deduplicated, raw, column),
  };
}
