import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { STATUSES, type Status } from "../../../domain/verdict.js";
import type { NamedEngine } from "../../../hasura/scratch/engine-name.js";
import type { FolderReport } from "../../../hasura/verify/verify-folder.js";
import type { CommandIo } from "../../command.js";
import { verifiedText } from "../../migrations-text.js";
import { sarifOf } from "../../sarif.js";
import {
  FOLDER_HELP,
  folderFlags,
  JOBS_HELP,
  Misuse,
  parseFlags,
  progressOn,
  readJobs,
} from "./flags.js";
import type { Opened, OpenedFolder } from "./folders.js";

export const VERIFY_HELP = `Usage: dadosfera migrations verify [flags]

Takes every migration up, down and up again on a PostgreSQL to throw away, over rows chosen to hurt, and says what each
down leaves otherwise than it was. Nothing is written, and Hasura is not asked.

  --from VERSION   judge this one and later ones only
${FOLDER_HELP}
  --write-prelude  write what the folder needs and no migration makes to prelude.sql of the project
  --allow STATUSES those that shall not fail the command, as "lossy,not proven"; "exact" and "position only" never do
${JOBS_HELP}
  --no-cache       forget what earlier runs found out
  --json           print one JSON document on stdout
  --sarif          print SARIF 2.1.0 on stdout, for code scanning

Statuses: exact; position only (a column came back at another place); lossy (the schema came back, rows did not);
broken (up or down fails, or the down leaves another schema); not proven (it could not be tried here).

Exit codes: 0 all is allowed; 1 could not look; 2 something to do, or misused.`;

export async function verify(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = readFlags(args);
  const { openFolders } = await import("./folders.js");
  const opened = await openFolders(flags);
  const reports: FolderReport[] = [];
  for (const engine of opened.engines) {
    for (const folder of opened.folders) {
      reports.push(await verifyOne(opened, folder, { flags, engine, io }));
    }
  }
  const made = [...new Set(reports.flatMap((report) => report.made))];
  if (flags.writesPrelude && made.length > 0) await writePrelude(opened, made);
  const verdicts = reports.flatMap((report) => report.verdicts);
  const root = relative(process.cwd(), opened.project.root);
  if (flags.form === "json") io.write(jsonText({ version: 1, verdicts }));
  if (flags.form === "sarif") io.write(jsonText(sarifOf(verdicts, root, opened.release)));
  return verdicts.every(({ status }) => flags.allowed.has(status)) ? 0 : 2;
}

interface Visit {
  readonly flags: ReturnType<typeof readFlags>;
  readonly engine: NamedEngine;
  readonly io: CommandIo;
}

async function verifyOne(
  opened: Opened,
  { folder, seeds }: OpenedFolder,
  { flags, engine, io }: Visit,
): Promise<FolderReport> {
  const { verifyFolder } = await import("../../../hasura/verify/verify-folder.js");
  const { cacheOf, jobsOf, startOf } = await import("./folders.js");
  const { noCache } = await import("../../../hasura/verify/verdict-cache.js");
  const { migrations, path } = folder;
  const { prelude, preludePath, release } = opened;
  const first = BigInt(flags.from ?? 0);
  const progress = progressOn(io);
  const report = await verifyFolder({
    migrations,
    isJudged: ({ version }) => BigInt(version) >= first,
    prelude,
    seeds,
    start: startOf(engine, folder, prelude),
    cache: flags.isCached ? await cacheOf(engine, release) : noCache,
    ...jobsOf(engine, folder, { prelude, jobs: flags.jobs }),
    onProgress: (label, index, count) => progress.show(`${index + 1}/${count} ${label}`),
  });
  progress.clear();
  if (flags.form === "text") {
    const shown = { ...report, path, engine: report.engine?.name };
    io.write(`${verifiedText(shown, relative(process.cwd(), preludePath))}\n`);
  }
  return report;
}

/** One for all databases of a project, as it is read. */
async function writePrelude({ preludePath, prelude }: Opened, made: readonly string[]) {
  const text = [prelude?.sql.trimEnd() ?? "", ...made].join("\n").trimStart();
  await writeFile(preludePath, `${text}\n`);
}

function jsonText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function readFlags(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const values = parseFlags(args, {
    from: { type: "string" },
    "write-prelude": flag,
    allow: { type: "string" },
    jobs: { type: "string" },
    "no-cache": flag,
    json: flag,
    sarif: flag,
  });
  if (values.json === true && values.sarif === true)
    throw new Misuse("--json and --sarif exclude each other.");
  if (values.from !== undefined && !/^\d+$/.test(values.from)) {
    throw new Misuse(`--from "${values.from}" is not a version: it is a number.`);
  }
  return {
    ...folderFlags(values),
    from: values.from,
    writesPrelude: values["write-prelude"] === true,
    allowed: readAllowed(values.allow),
    jobs: readJobs(values.jobs),
    isCached: values["no-cache"] !== true,
    form: values.json === true ? "json" : values.sarif === true ? "sarif" : "text",
  } as const;
}

function readAllowed(text = ""): ReadonlySet<Status> {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const allowed = names.map((name) => {
    const status = STATUSES.find((one) => one === name);
    if (status === undefined)
      throw new Misuse(`--allow "${name}" is not a status: ${STATUSES.join(", ")}.`);
    return status;
  });
  return new Set<Status>(["exact", "position only", ...allowed]);
}
