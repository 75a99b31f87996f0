import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { EngineError } from "./engine-error.js";
import { isPropertyMap, type PropertyMap } from "./property.js";
import { formUrn, stackType } from "./resource-state.js";
import type { Session } from "./session.js";

/** One resource that is there already and is to come into the state. */
export interface Import {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly parent: string;
  /** Without them the provider is asked to read the resource. */
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
}

/** A resource as an import file has it; `parent` is the name of another one, or a key of the name table. */
export interface ImportEntry {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
}

/** What `import` is to take in; a file's path is relative to `cwd`. Throws EngineError, exit code 2. */
export function readImports(
  wish: ImportEntry | { readonly file: string } | undefined,
  cwd: string,
  { project, stack }: Session,
): readonly Import[] {
  if (wish === undefined) return [];
  const place = { project: project.name, stack };
  if (!("file" in wish))
    return resolveImports([wish], { ...place, path: "the command line", table: {} });
  const path = resolve(cwd, wish.file);
  if (!existsSync(path)) throw unusable(path, "there is no such file");
  return parseImportFile(readFileSync(path, "utf8"), { ...place, path });
}

/** Reads the text of an import file into resources, each after its parent. Throws EngineError, exit code 2. */
function parseImportFile(
  text: string,
  place: { readonly path: string; readonly project: string; readonly stack: string },
): readonly Import[] {
  const content = parseJson(text, place.path);
  const list = isPropertyMap(content) ? content["resources"] : undefined;
  if (!isPropertyMap(content) || !Array.isArray(list))
    throw unusable(place.path, "it has no list `resources`");
  const entries = list.map((entry: unknown, at) =>
    entryOf(entry, `${place.path}, resource ${at + 1}`),
  );
  const table = isPropertyMap(content["nameTable"]) ? content["nameTable"] : {};
  return resolveImports(entries, { ...place, table });
}

/** Gives each entry its URN and puts parents first. */
function resolveImports(
  entries: readonly ImportEntry[],
  place: {
    readonly path: string;
    readonly project: string;
    readonly stack: string;
    readonly table: PropertyMap;
  },
): readonly Import[] {
  const { path, project, stack, table } = place;
  const root = `urn:pulumi:${stack}::${project}::${stackType}::${project}-${stack}`;
  const resolved = new Map<ImportEntry, Import>();
  const resolveEntry = (entry: ImportEntry, below: readonly ImportEntry[]): Import => {
    if (below.includes(entry)) throw unusable(path, `"${entry.name}" is its own ancestor`);
    const known = resolved.get(entry);
    if (known !== undefined) return known;
    const { type, name, id, inputs, outputs } = entry;
    const parent = entry.parent === undefined ? root : parentUrn(entry.parent, [...below, entry]);
    const urn = formUrn(stack, project, { type, name, parent });
    if ([...resolved.values()].some((each) => each.urn === urn))
      throw unusable(path, `it has ${urn} twice`);
    const found = { urn, type, id, parent, ...(inputs && { inputs }), ...(outputs && { outputs }) };
    resolved.set(entry, found);
    return found;
  };
  const parentUrn = (name: string, below: readonly ImportEntry[]): string => {
    const listed = table[name];
    if (typeof listed === "string") return listed;
    const named = entries.filter((each) => each.name === name);
    const [parent] = named;
    if (parent === undefined || named.length > 1)
      throw unusable(path, `the parent "${name}" is named ${named.length} times in it, not once`);
    return resolveEntry(parent, below).urn;
  };
  for (const entry of entries) resolveEntry(entry, []);
  return [...resolved.values()];
}

const known: ReadonlySet<string> = new Set(["type", "name", "id", "parent", "inputs", "outputs"]);

function entryOf(entry: unknown, where: string): ImportEntry {
  if (!isPropertyMap(entry)) throw unusable(where, "it is not an object");
  const foreign = Object.keys(entry).find((key) => !known.has(key));
  if (foreign !== undefined) throw unusable(where, `this engine does not do \`${foreign}\``);
  const { type, name, id, parent, inputs, outputs } = entry;
  if (typeof type !== "string" || !type.startsWith("pulumi-nodejs:dynamic"))
    throw unusable(where, "its `type` is not that of a dynamic resource");
  if (typeof name !== "string" || typeof id !== "string" || name === "" || id === "")
    throw unusable(where, "it has no `name` or no `id`");
  if (isPropertyMap(inputs) !== isPropertyMap(outputs))
    throw unusable(where, "it has one of `inputs` and `outputs`, and needs both or neither");
  return {
    type,
    name,
    id,
    ...(typeof parent === "string" && { parent }),
    ...(isPropertyMap(inputs) && { inputs }),
    ...(isPropertyMap(outputs) && { outputs }),
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(path, "it is not JSON", cause);
  }
}

function unusable(path: string, problem: string, cause?: unknown): EngineError {
  return new EngineError(
    {
      happened: `Could not import from ${path}: ${problem}.`,
      now: "Nothing was changed.",
      next: "Mend it and run the command again; `dadosfera import-file` writes such a file.",
      exitCode: 2,
    },
    { cause },
  );
}
