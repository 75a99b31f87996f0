import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "./engine-error.js";
import { fullKey, type Project, readYamlMap } from "./project.js";
import {
  canonicalText,
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  secret,
} from "./property.js";
import type { SecretsKeeper } from "./secrets.js";

/** One configuration value: always text, with objects and lists as JSON. */
interface ConfigValue {
  readonly text: string;
  /** The text as it may be shown. */
  readonly shown: string;
  readonly isSecret: boolean;
}

export type StackConfig = ReadonlyMap<string, ConfigValue>;

/** What Pulumi.<stack>.yaml holds, with secrets still encrypted. */
export interface StackFile {
  readonly path: string;
  readonly encryptionSalt: string | undefined;
  readonly values: PropertyMap;
}

/** Reads `Pulumi.<stack>.yaml`; a stack without one has no configuration. */
export function readStackFile(project: Project, stack: string): StackFile {
  const path = join(project.root, `Pulumi.${stack}.yaml`);
  const content = existsSync(path) ? readYamlMap(path) : {};
  const salt = content["encryptionsalt"];
  return {
    path,
    encryptionSalt: typeof salt === "string" ? salt : undefined,
    values: isPropertyMap(content["config"]) ? content["config"] : {},
  };
}

/** Pulumi keeps the salt beside the configuration too, and takes a stack over only if it finds it there. */
export function writeEncryptionSalt(path: string, salt: string): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  writeFileSync(path, `encryptionsalt: ${salt}\n${before}`);
}

/** Puts together the project's defaults, the stack's values and those of the command line, decrypted. */
export async function openConfig(sources: {
  readonly project: Project;
  readonly file: StackFile;
  readonly overrides: readonly string[];
  readonly keeper: SecretsKeeper;
}): Promise<StackConfig> {
  const { project, file, overrides, keeper } = sources;
  const config = new Map<string, ConfigValue>();
  for (const [key, value] of Object.entries({ ...project.defaults, ...file.values })) {
    config.set(fullKey(key, project.name), await openValue(value, keeper));
  }
  for (const [key, text] of overrides.map(parseOverride)) {
    config.set(fullKey(key, project.name), { text, shown: text, isSecret: false });
  }
  return new Map([...config].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The configuration as the default provider's inputs have it. */
export function configInputs(config: StackConfig): PropertyMap {
  return Object.fromEntries(
    [...config].map(([key, { text, isSecret }]) => [key, isSecret ? secret(text) : text]),
  );
}

async function openValue(value: PropertyValue, keeper: SecretsKeeper): Promise<ConfigValue> {
  const plain = await decryptTree(value, (sealed) => keeper.decrypt(sealed));
  const shown = await decryptTree(value, () => Promise.resolve("[secret]"));
  return { text: textOf(plain), shown: textOf(shown), isSecret: textOf(plain) !== textOf(shown) };
}

async function decryptTree(
  value: PropertyValue,
  decrypt: (sealed: string) => Promise<string>,
): Promise<PropertyValue> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((item: PropertyValue) => decryptTree(item, decrypt)));
  }
  if (!isPropertyMap(value)) return value;
  const sealed = value["secure"];
  if (typeof sealed === "string" && Object.keys(value).length === 1) return decrypt(sealed);
  const opened: [string, PropertyValue][] = [];
  for (const [key, item] of Object.entries(value))
    opened.push([key, await decryptTree(item, decrypt)]);
  return Object.fromEntries(opened);
}

function textOf(value: PropertyValue): string {
  return typeof value === "string" ? value : canonicalText(value);
}

function parseOverride(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new EngineError({
    happened: `Could not read --config ${JSON.stringify(text)}: it is not of the form key=value.`,
    now: "Nothing was run.",
    next: "Write --config key=value, or --config namespace:key=value.",
    exitCode: 2,
  });
}
