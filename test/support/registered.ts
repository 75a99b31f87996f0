import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import type { Props } from "./world.js";

/** A resource that a program registered, with what the provider would be given. */
export interface Registered {
  readonly resource: "Pipeline" | "Job";
  readonly name: string;
  readonly inputs: Props;
}

/** Runs a program in this process, as the stack `dev` of the project `shop`, and answers what it registered. */
export async function registeredBy(program: string, expected: number): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        const resource = type.endsWith(":Job") ? "Job" : "Pipeline";
        registered.push({ resource, name, inputs });
        return { id: name, state: inputs };
      },
    },
    "shop",
    "dev",
    false,
    "organization",
  );
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  new Function("require", "exports", outputText)(createRequire(__filename), {});
  // Jobs are registered when their pipeline's id is known; the caller's own time limit ends a wait for too few.
  while (registered.length < expected) await new Promise(setImmediate);
  return registered;
}
