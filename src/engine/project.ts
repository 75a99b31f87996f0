import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EngineError, refuseFeature } from "./engine-error.js";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "./property.js";
import { parseYaml } from "./sdk.js";

/** What Pulumi.yaml says. */
export interface Project {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  /** The folder in which program and provider run. */
  readonly workingDirectory: string;
  /** The program as the SDK's runner takes it: a file, or `.` for what package.json names. */
  readonly program: string;
  readonly isTypeScript: boolean;
  readonly nodeArguments: readonly string[];
  /** Values that a stack may override, by full key. */
  readonly defaults: PropertyMap;
}

/** Reads `Pulumi.yaml` in `folder`. */
export function readProject(folder: string): Project {
  const root = resolve(folder);
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(root, name)).find(existsSync);
  if (file === undefined) throw noProject(root);
  const content = readYamlMap(file);
  const name = content["name"];
  if (typeof name !== "string") throw badFile(file, "it has no name");
  const runtime = content["runtime"] ?? null;
  const runtimeName = isPropertyMap(runtime) ? runtime["name"] : runtime;
  if (runtimeName !== "nodejs")
    throw refuseFeature(`programs of runtime ${JSON.stringify(runtimeName)}`);
  const options =
    isPropertyMap(runtime) && isPropertyMap(runtime["options"]) ? runtime["options"] : {};
  const main = typeof content["main"] === "string" ? content["main"] : "";
  return {
    name,
    root,
    ...placeOfProgram(root, main),
    isTypeScript: options["typescript"] !== false,
    nodeArguments: typeof options["nodeargs"] === "string" ? options["nodeargs"].split(/\s+/) : [],
    defaults: defaultsOf(content["config"], name),
  };
}

/** Reads a YAML file that must hold a map; an empty file is an empty map. */
export function readYamlMap(file: string): PropertyMap {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, "utf8"));
  } catch (cause) {
    throw badFile(file, "it is not YAML", cause);
  }
  if (content === null || content === undefined) return {};
  if (!isPropertyMap(content)) throw badFile(file, "it does not hold a map");
  return content;
}

function placeOfProgram(root: string, main: string): Pick<Project, "workingDirectory" | "program"> {
  const place = resolve(root, main);
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  if (isFolder) return { workingDirectory: place, program: "." };
  return { workingDirectory: dirname(place), program: basename(place) };
}

function defaultsOf(config: PropertyValue | undefined, project: string): PropertyMap {
  if (!isPropertyMap(config)) return {};
  const entries = Object.entries(config).flatMap(([key, declared]): [string, PropertyValue][] => {
    const value = isPropertyMap(declared) ? (declared["value"] ?? declared["default"]) : declared;
    return value === undefined ? [] : [[fullKey(key, project), value]];
  });
  return Object.fromEntries(entries);
}

/** `key` means `<project>:key`. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function noProject(root: string): EngineError {
  return new EngineError({
    happened: `Found no Pulumi.yaml in ${root}.`,
    now: "Nothing was run.",
    next: "Name the program's folder with --cwd.",
    exitCode: 2,
  });
}

function badFile(file: string, problem: string, cause?: unknown): EngineError {
  return new EngineError(
    {
      happened: `Could not use ${file}: ${problem}.`,
      now: "Nothing was run.",
      next: "Mend the file and run the command again.",
      exitCode: 1,
    },
    { cause },
  );
}
