import { type Literal, literalText, quotedText } from "./literal-text.js";
import type { DescribedJob, Description, Remark } from "./live-description.js";
import { type ProgramNames, programNames } from "./program-names.js";

/** A live pipeline in a program: what is said of it, and under which names. */
export interface ProgramPart {
  readonly names: ProgramNames;
  readonly description: Description;
}

/** The parts of one program, in the order of their names. */
export function programParts(descriptions: readonly Description[]): readonly ProgramPart[] {
  const nameables = descriptions.map(({ id, name, jobs }) => ({
    id,
    name,
    tables: jobs.map(({ creation }) => creation.input),
  }));
  const names = programNames(nameables);
  return descriptions
    .flatMap((description, index) => {
      const own = names[index];
      return own === undefined ? [] : [{ names: own, description }];
    })
    .sort((one, other) => (one.names.resource < other.names.resource ? -1 : 1));
}

/** A program of one file: each pipeline as it is live, so that the first `up` takes it over and changes nothing. */
export function programText(parts: readonly ProgramPart[]): string {
  const bodies = parts.map((part) => partText(part, ""));
  return [...importLines(parts), ...bodies].join("\n");
}

/** The file of one pipeline, whose constants other files may import. */
export function partFileText(part: ProgramPart): string {
  return [...importLines([part]), partText(part, "export ")].join("\n");
}

/** The file that makes a program of the others. Nothing is exported: an export of a program's main file is an output of the stack. */
export function indexText(parts: readonly ProgramPart[]): string {
  return parts.map(({ names }) => `import ${quotedText(`./${names.resource}`)};\n`).join("");
}

/** The resource of a job that stands without its pipeline. */
export function jobResourceName({ resource }: ProgramNames, { jobId }: DescribedJob): string {
  return `${resource}-job-${positionOf(jobId)}`;
}

/** A remark on one line, for people. */
export function remarkText({ pipeline, job, what }: Remark): string {
  const inJob =
    job === undefined
      ? ""
      : `, job ${job.table === undefined ? "" : `of table ${quotedText(job.table)} `}(${job.id})`;
  return `Pipeline ${quotedText(pipeline.name)} (${pipeline.id})${inJob}: ${what}.`.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]+/gu,
    " ",
  );
}

function importLines(parts: readonly ProgramPart[]): readonly string[] {
  const classes = [
    ...(parts.some(({ description }) => standsAlone(description)) ? ["Job"] : []),
    ...(parts.some(({ description }) => description.pipeline !== undefined) ? ["Pipeline"] : []),
  ];
  return classes.length === 0
    ? []
    : [`import { ${classes.join(", ")} } from "pulumi-dadosfera";\n`];
}

/** True of a pipeline that no program can say, but whose jobs, or some of them, can be said. */
function standsAlone({ pipeline, jobs }: Description): boolean {
  return pipeline === undefined && jobs.length > 0;
}

function partText(part: ProgramPart, modifier: "" | "export "): string {
  const { names, description } = part;
  const comments = [
    ...description.remarks.map((remark) => `// ${remarkText(remark)}\n`),
    ...(description.hiddenConnections > 0 ? [`// ${HIDDEN_CONNECTION}\n`] : []),
  ].join("");
  const { pipeline } = description;
  if (pipeline !== undefined) {
    const made = declaration({ class: "Pipeline", constant: names.constant, name: names.resource });
    return `${comments}${modifier}${made}, ${argumentsText(pipeline)});\n`;
  }
  const jobs = description.jobs.map((job) => {
    const constant = `${names.constant}Job${positionOf(job.jobId)}`;
    const made = declaration({ class: "Job", constant, name: jobResourceName(names, job) });
    return `${modifier}${made}, ${argumentsText({ jobId: job.jobId, ...job.creation })});\n`;
  });
  return comments + jobs.join("\n");
}

const HIDDEN_CONNECTION =
  'Maestro does not show the connections called "unknown" here. Nothing compares them: put in the ids if you know them.';

function declaration(made: {
  readonly class: string;
  readonly constant: string;
  readonly name: string;
}): string {
  return `const ${made.constant} = new ${made.class}(${quotedText(made.name)}`;
}

/** What came out of JSON, or was read by a schema of such values, is a literal; the schemas' types do not say so. */
function argumentsText(value: object): string {
  return literalText(value as Literal);
}

function positionOf(jobId: string): string {
  return jobId.slice(jobId.lastIndexOf("-") + 1);
}
