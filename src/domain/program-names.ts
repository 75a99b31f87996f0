import type { PipelineId } from "./job-id.js";

/** What names are made from. */
export interface Nameable {
  readonly id: PipelineId;
  /** As people gave it: any text, empty too. */
  readonly name: string;
  /** The tables of its jobs, in their order. */
  readonly tables: readonly { readonly tableSchema: string; readonly tableName: string }[];
}

/** What a program calls a pipeline. */
export interface ProgramNames {
  /** The resource, and its file: lower-case letters, digits and hyphens. */
  readonly resource: string;
  /** The constant that holds it. */
  readonly constant: string;
  /** The resources of its jobs, as the class `Pipeline` names them. */
  readonly jobs: readonly string[];
}

/**
 * Names for pipelines that live in one program, in the order given. They follow from the pipelines alone, whatever their
 * order: where two would share a name, both carry a part of their ids.
 */
export function programNames(pipelines: readonly Nameable[]): readonly ProgramNames[] {
  const digits: number[] = pipelines.map(({ name }) => (needsId(kebab(name)) ? SHORT : 0));
  for (;;) {
    const names = pipelines.map((pipeline, index) => namesOf(pipeline, digits[index] ?? 0));
    const raised = clashing(names).filter((index) => digits[index] !== WHOLE);
    if (raised.length === 0) return names;
    for (const index of raised) digits[index] = digits[index] === 0 ? SHORT : WHOLE;
  }
}

/** How many characters of an id a name carries: none, or these. */
const SHORT = 8;
const WHOLE = 36;

/** Long enough for people, short enough for a file's name with an id behind it. */
const LONGEST = 60;

/** File names with a meaning of their own: the index beside the files, and the devices of Windows. */
const TAKEN_FILES = new Set(["index", "con", "prn", "aux", "nul"]);

/** What TypeScript does not take as a constant of a module. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export exports " +
    "extends false finally for function if implements import in instanceof interface let module new null package " +
    "private protected public require return static super switch this throw true try typeof undefined var void while " +
    "with yield"
  ).split(" "),
);

function needsId(plain: string): boolean {
  return plain === "" || TAKEN_FILES.has(plain);
}

function namesOf({ id, name, tables }: Nameable, digits: number): ProgramNames {
  const parts = [kebab(name) || "pipeline", id.slice(0, digits)];
  const resource = parts.filter((part) => part !== "").join("-");
  return { resource, constant: constantOf(resource), jobs: jobNames(resource, tables) };
}

/** As the class `Pipeline` names its children. */
function jobNames(resource: string, tables: Nameable["tables"]): readonly string[] {
  const plain = tables.map(({ tableSchema, tableName }) =>
    [resource, tableSchema, tableName].join("-"),
  );
  return plain.map((name, index) =>
    plain.indexOf(name) === plain.lastIndexOf(name) ? name : `${name}-${index}`,
  );
}

/** `Pedidos São Paulo` becomes `pedidos-sao-paulo`; a text without Latin letters and digits becomes nothing. */
function kebab(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, LONGEST)
    .replace(/-$/, "");
}

function constantOf(resource: string): string {
  const camel = resource.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (/^[0-9]/.test(camel)) return `pipeline${camel}`;
  return RESERVED.has(camel) ? `${camel}Pipeline` : camel;
}

/** Which of them share a constant, or the name of a resource, with another one. */
function clashing(names: readonly ProgramNames[]): readonly number[] {
  const owners = new Map<string, Set<number>>();
  for (const [index, { resource, constant, jobs }] of names.entries()) {
    const claimed = [`const ${constant}`, ...[resource, ...jobs].map((name) => `name ${name}`)];
    for (const claim of claimed) {
      owners.set(claim, (owners.get(claim) ?? new Set()).add(index));
    }
  }
  const shared = [...owners.values()].filter((indices) => indices.size > 1);
  return [...new Set(shared.flatMap((indices) => [...indices]))];
}
