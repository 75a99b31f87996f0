import type { JobCreation } from "./job.js";
import type { JobId, PipelineId } from "./job-id.js";
import { describeJob, type SeenJob } from "./live-job-description.js";
import { pipelineNews } from "./pipeline.js";
import { credentialIn, type IsCredential } from "./secret-looks.js";

/** A pipeline as Maestro shows it. */
export interface SeenPipeline {
  readonly id: PipelineId;
  readonly name: string;
  readonly description?: string;
  readonly cron: string | null;
  readonly status: string;
  /** The schedule that an unfinished change holds, which `cron` does not show. */
  readonly heldCron?: string;
  readonly jobs: readonly SeenJob[];
}

/** The arguments of a `Pipeline` that takes a live one over. */
interface AdoptedPipeline {
  readonly adopt: true;
  readonly pipelineId: PipelineId;
  readonly name: string;
  readonly description?: string;
  readonly cron: string | null;
  readonly paused?: true;
  readonly jobs: readonly JobCreation[];
}

/** A job that a program describes, with its place at Maestro. */
export interface DescribedJob {
  readonly jobId: JobId;
  readonly creation: JobCreation;
  /** The raw table as Maestro names it, without its schema. */
  readonly destinationTable: string;
}

/** What a program says of a live pipeline: as much as it can. */
export interface Description {
  readonly id: PipelineId;
  /** Empty where it holds a credential. */
  readonly name: string;
  /** Undefined where no program can say it: then its jobs stand alone. */
  readonly pipeline: AdoptedPipeline | undefined;
  readonly jobs: readonly DescribedJob[];
  readonly remarks: readonly Remark[];
  /** How many jobs have a connection that Maestro does not show. */
  readonly hiddenConnections: number;
}

/** What a program cannot say of a pipeline, or of one of its jobs. */
export interface Remark {
  readonly pipeline: { readonly id: PipelineId; readonly name: string };
  /** The table, as people name it, and the id. */
  readonly job?: { readonly id: JobId; readonly table: string | undefined };
  /** A sentence's end: `its connector is "s3", …`. */
  readonly what: string;
}

/**
 * Puts a live pipeline into the words of a program that equals it. What cannot be said is left out and named: a field, a
 * job, or the pipeline, whose other jobs can still be described one by one.
 */
export function describePipeline(live: SeenPipeline, isCredential: IsCredential): Description {
  const { id } = live;
  const name = credentialIn(live.name, isCredential) === undefined ? live.name : "";
  const of = { pipeline: { id, name } };
  const jobs = live.jobs.map((seen) => ({ seen, ...describeJob(seen, id, isCredential) }));
  const described = jobs.flatMap(({ seen, creation }) =>
    creation === undefined || seen.kind === "hidden"
      ? []
      : [{ jobId: seen.id, creation, destinationTable: seen.job.destinationTable }],
  );
  const pipeline = adopted(
    live,
    described.map(({ creation }) => creation),
  );
  const why = pipelineRemarks(live, pipeline, described.length, isCredential);
  return {
    id,
    name,
    pipeline: why.length === 0 ? pipeline : undefined,
    jobs: described,
    remarks: [
      ...[...why, ...heldRemark(live)].map((what) => ({ ...of, what })),
      ...jobs.flatMap(({ seen, table, remarks }) =>
        remarks.map((what) => ({ ...of, job: { id: seen.id, table }, what })),
      ),
    ],
    hiddenConnections: jobs.filter(({ isConnectionHidden }) => isConnectionHidden).length,
  };
}

function heldRemark({ heldCron }: SeenPipeline): readonly string[] {
  if (heldCron === undefined) return [];
  return [
    `an unfinished change holds its schedule ${JSON.stringify(heldCron)}; finish it (\`dadosfera doctor --heal\`), and describe the pipeline again`,
  ];
}

function adopted(live: SeenPipeline, jobs: readonly JobCreation[]): AdoptedPipeline {
  const { id, name, description, cron, status } = live;
  return {
    adopt: true,
    pipelineId: id,
    name,
    ...(description !== undefined && description !== "" && { description }),
    cron,
    ...(status === "paused" && { paused: true }),
    jobs,
  };
}

/** Why no `Pipeline` can take it over; nothing if one can. */
function pipelineRemarks(
  live: SeenPipeline,
  wanted: AdoptedPipeline,
  describedJobs: number,
  isCredential: IsCredential,
): readonly string[] {
  if (live.jobs.length === 0)
    return ["it has no jobs, and programs describe pipelines that have some"];
  if (describedJobs < live.jobs.length) {
    return [
      `${live.jobs.length - describedJobs} of its ${live.jobs.length} jobs cannot be described, and a program adopts a pipeline with all of them`,
    ];
  }
  const { jobs: _jobs, ...own } = wanted;
  const secret = credentialIn(own, isCredential);
  if (secret !== undefined) return [`its ${secret} holds what looks like a credential`];
  const read = pipelineNews.safeParse({ ...wanted, __dadosfera: { urn: "urn" } });
  if (!read.success) {
    return read.error.issues.map(({ path, message }) => `its \`${path.join(".")}\` ${message}`);
  }
  return read.data.cron === live.cron
    ? []
    : [`its schedule ${JSON.stringify(live.cron)} has other white space than programs write`];
}
