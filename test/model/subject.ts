import { PipelineSessions } from "#src/lifecycle/change/pipeline-session.js";
import { job } from "#src/lifecycle/job.js";
import { pipeline } from "#src/lifecycle/pipeline.js";
import { asTheSql, type Beyond } from "./world/baseline.js";

/** What the model tries: the lifecycle as it was built, or a mutant of it, and the bound of the SQL that the model stands for. */
export interface Subject {
  readonly job: typeof job;
  readonly pipeline: typeof pipeline;
  readonly PipelineSessions: typeof PipelineSessions;
  readonly beyond: Beyond;
}

export const builtSubject: Subject = {
  job,
  pipeline,
  PipelineSessions,
  beyond: asTheSql,
};
