import {
  adding,
  BOOKMARK,
  type ChangeWorld,
  type ChangeWorldOptions,
  startChangeWorld,
} from "../support/change-world.js";
import { BY_DAY, byDay, DAYS } from "../support/strategies.js";
import { aJob, type Props, withTelefone } from "../support/world.js";
import { CRON } from "./standing.js";

/** Where every place of both strategies is tried, one in so many of a kind that differs little: all of it within the hour. */
const SOME = 12;

/** A kind of change: the job before it and the job that the program wants. */
export interface Kind extends Pick<ChangeWorldOptions, "switches" | "prepare" | "server"> {
  readonly name: string;
  /** One place in so many is tried; every one unless given. */
  readonly oneIn?: number;
  readonly job?: Props & { readonly input?: Props };
  readonly news: Props;
}

const FULL = {
  input: {
    loadType: "full_load",
    incrementalColumnName: undefined,
    incrementalColumnType: undefined,
  },
};
const QUALIFY = { input: { loadType: "incremental_with_qualify" } };

const filling = (rows: unknown, strategy: string) => ({
  ...adding(["telefone"], rows),
  backfill: { columns: ["telefone"], rows, strategy },
});

/** Every kind of change that there is, each with a schedule at stake. */
export const KINDS: readonly [Kind, ...Kind[]] = [
  {
    name: "rows beyond a bookmark, delete-first",
    news: filling({ after: BOOKMARK }, "delete-first"),
  },
  {
    name: "rows beyond a bookmark, delete-after",
    news: filling({ after: BOOKMARK }, "delete-after"),
  },
  {
    name: "rows beyond a day that rows carry",
    oneIn: SOME,
    switches: { resumeAt: ">=" },
    prepare: DAYS,
    job: BY_DAY,
    news: byDay("delete-after", ["id"]),
  },
  { name: "every row, delete-first", oneIn: SOME, news: filling("all", "delete-first") },
  { name: "every row, delete-after", oneIn: SOME, news: filling("all", "delete-after") },
  {
    name: "without keys",
    oneIn: SOME,
    job: { primaryKeys: undefined },
    news: withTelefone(undefined, { primaryKeys: undefined }),
  },
  { name: "full_load", oneIn: SOME, job: FULL, news: adding(["telefone"], "all", FULL) },
  {
    name: "incremental_with_qualify",
    oneIn: SOME,
    job: QUALIFY,
    news: adding(["telefone"], { after: BOOKMARK }, QUALIFY),
  },
  { name: "load type", oneIn: SOME, news: aJob(QUALIFY) },
  { name: 'rows: "none"', news: withTelefone("none") },
];

/** Those that load rows anew with the column. */
export const FILLING_KINDS = KINDS.filter(({ news }) => {
  const backfill = news["backfill"] as Props | undefined;
  return backfill !== undefined && backfill["rows"] !== "none";
});

/** The world before the change. */
export function worldBefore({ job = {}, switches, prepare, server }: Kind): Promise<ChangeWorld> {
  return startChangeWorld({
    pipeline: { cron: CRON },
    job,
    ...(switches !== undefined && { switches }),
    ...(prepare !== undefined && { prepare }),
    ...(server !== undefined && { server }),
  });
}

/** The same with the orders on a server; what is prepared there are their days. */
export function onServer(kind: Kind, server: NonNullable<Kind["server"]>): Kind {
  return { ...kind, server, ...(kind.prepare !== undefined && { prepare: server.orders.days }) };
}
