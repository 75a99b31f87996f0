import { adding, BOOKMARK, type ChangeWorld, startChangeWorld } from "../support/change-world.js";
import { aJob, type Props, withTelefone } from "../support/world.js";

/** A cron that a change has to hold and put back, and that fires in no test. */
const CRON = "0 3 1 1 *";

/** A kind of change: the job before it and the job that the program wants. */
export interface Kind {
  readonly name: string;
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

/** Every kind of change that there is, each with a schedule at stake. */
export const KINDS: readonly Kind[] = [
  { name: "rows beyond a bookmark", news: withTelefone() },
  { name: "every row", news: withTelefone("all") },
  {
    name: "without keys",
    job: { primaryKeys: undefined },
    news: withTelefone(undefined, { primaryKeys: undefined }),
  },
  { name: "full_load", job: FULL, news: adding(["telefone"], "all", FULL) },
  {
    name: "incremental_with_qualify",
    job: QUALIFY,
    news: adding(["telefone"], { after: BOOKMARK }, QUALIFY),
  },
  { name: "load type", news: aJob(QUALIFY) },
  { name: 'rows: "none"', news: withTelefone("none") },
];

/** The world before the change. */
export function worldBefore({ job = {} }: Kind): Promise<ChangeWorld> {
  return startChangeWorld({ pipeline: { cron: CRON }, job });
}
