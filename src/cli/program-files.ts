import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { indexText, type ProgramPart, partFileText } from "../domain/generated-program.js";

/** A file of a generated program: its name in the folder, and all that stands in it. */
interface ProgramFile {
  readonly name: string;
  readonly text: string;
}

/** The files of a program: one for each pipeline, and the index that imports them. */
export function programFiles(parts: readonly ProgramPart[]): readonly ProgramFile[] {
  const own = parts.map((part) => signed(`${part.names.resource}.ts`, partFileText(part)));
  return [...own, signed("index.ts", indexText(parts))];
}

/** Those whose place is taken by a file that was not written here, or was edited since. */
export function filesNotOurs(folder: string, files: readonly ProgramFile[]): readonly string[] {
  // Where letter case does not count, "Orders.ts" is the place of "orders.ts".
  const present = new Map(namesIn(folder).map((name) => [name.toLowerCase(), name]));
  return files.flatMap(({ name }) => {
    const there = present.get(name);
    return there === undefined || isOurs(join(folder, there)) ? [] : [there];
  });
}

/** Writes the files; the folder is made where it is missing. */
export function writeFiles(folder: string, files: readonly ProgramFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
}

const SIGNATURE = /^\/\/ Written by `dadosfera generate` \(([0-9a-f]{16})\)[^\n]*\n/;

function signed(name: string, text: string): ProgramFile {
  const line = `// Written by \`dadosfera generate\` (${sumOf(text)}), which replaces this file only as long as nobody edits it.\n`;
  return { name, text: line + text };
}

function isOurs(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return false;
  }
  const [line = "", sum] = SIGNATURE.exec(text) ?? [];
  return sum === sumOf(text.slice(line.length));
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
