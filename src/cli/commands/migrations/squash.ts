import type { Trouble } from "../../../domain/errors.js";
import type { SquashOutcome } from "../../../hasura/squash/squash.js";
import type { CommandIo } from "../../command.js";
import { provenText, refutedText, troublesText } from "../../squash-text.js";
import {
  FOLDER_HELP,
  folderFlags,
  JOBS_HELP,
  Misuse,
  parseFlags,
  progressOn,
  readJobs,
} from "./flags.js";

export const SQUASH_HELP = `Usage: dadosfera migrations squash --from VERSION --name NAME [flags]

Folds a range of migrations into one, or into several where one transaction cannot hold them, and proves that they do the same:
schema and rows after the ups, after the downs, and after the ups again. Without --write it shows what it would write.
It refuses a range with gaps, downs that are broken or not proven, and files that git does not hold.

  --from VERSION   the first migration to fold in
  --to VERSION     the last one; the folder's last if left out
  --name NAME      what follows the version in the new folder's name
  --version-policy last|now
                   "last": the squash gets the version of its last part, as Hasura's CLI gives it, and is not run where that part
                   was applied; "now": a new version. "last" if left out
  --accept-loss COLUMN
                   lets a down lose values that verify names, as "students.score"; again for each
${FOLDER_HELP}
                   Given again, each engine must prove it.
  --write          write up.sql, down.sql and squash.json, and remove the originals, in one swap
${JOBS_HELP}
  --no-cache       forget what earlier runs found out

Exit codes: 0 proven (and written); 1 could not look; 2 refused, refuted or misused.`;

export async function squash(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args);
  const { cacheOf, jobsOf, openFolders, startOf } = await import("./folders.js");
  const opened = await openFolders(flags);
  const [only, another] = opened.folders;
  if (only === undefined || another !== undefined) {
    throw new Misuse("the project has several databases: name one with --database.");
  }
  const { folder, seeds } = only;
  const { prelude, engines, release } = opened;
  const [first, ...more] = engines;
  const { proposeSquash } = await import("../../../hasura/squash/squash.js");
  const { noCache } = await import("../../../hasura/verify/verdict-cache.js");
  const progress = progressOn(io);
  const outcome = await proposeSquash({
    folder,
    seeds,
    prelude,
    from: flags.from,
    to: flags.to,
    name: flags.name,
    policy: flags.policy,
    acceptedLosses: flags.acceptedLosses,
    starts: [startOf(first, folder, prelude), ...more.map((one) => startOf(one, folder, prelude))],
    cache: flags.isCached ? await cacheOf(first, release) : noCache,
    ...jobsOf(first, folder, { prelude, jobs: flags.jobs }),
    onProgress: (text) => progress.show(text),
  });
  progress.clear();
  if (outcome.kind !== "proven") return refuse(outcome, io);
  io.write(provenText(outcome.groups, folder.path));
  if (!flags.writes) {
    io.write("\nNothing was written. Add --write to put the squash in the place of its parts.\n");
    return 0;
  }
  const { writeSquashes } = await import("../../../hasura/squash/write-squash.js");
  const squashes = outcome.groups.flatMap((group) => (group.kind === "squash" ? [group] : []));
  const { written, removed } = await writeSquashes(folder, squashes, outcome.git);
  io.write(
    `\nWrote ${written.join(", ")}; removed ${removed.length} originals, which commit ${outcome.git.commit.slice(0, 12)} holds.\n`,
  );
  return 0;
}

function refuse(outcome: Exclude<SquashOutcome, { kind: "proven" }>, io: CommandIo): 2 {
  const troubles: readonly Trouble[] = outcome.kind === "refused" ? outcome.troubles : [];
  io.writeError(outcome.kind === "refused" ? troublesText(troubles) : refutedText(outcome));
  return 2;
}

function readFlags(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  const values = parseFlags(args, {
    from: text,
    to: text,
    name: text,
    "version-policy": text,
    "accept-loss": { type: "string", multiple: true },
    write: flag,
    jobs: text,
    "no-cache": flag,
  });
  const { from, to, name } = values;
  if (from === undefined || name === undefined) throw new Misuse("--from and --name are needed.");
  for (const version of [from, to]) {
    if (version !== undefined && !/^\d+$/.test(version))
      throw new Misuse(`"${version}" is not a version: it is a number.`);
  }
  return {
    ...folderFlags(values),
    from,
    to,
    name,
    policy: readPolicy(values["version-policy"]),
    acceptedLosses: values["accept-loss"] ?? [],
    writes: values.write === true,
    jobs: readJobs(values.jobs),
    isCached: values["no-cache"] !== true,
  };
}

function readPolicy(text = "last") {
  if (text === "last") return { kind: "last" } as const;
  if (text === "now") return { kind: "now", milliseconds: Date.now() } as const;
  throw new Misuse(`--version-policy "${text}" is neither "last" nor "now".`);
}
