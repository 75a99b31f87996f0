import * as pulumi from "@pulumi/pulumi";
import type { HistoryOutputs, MigrationHistoryArguments } from "../domain/migration-history.js";
import type { SourceTables } from "../domain/source-table.js";
import type { Inputs } from "./job.js";
import { pausePromiseTraces } from "./promise-traces.js";
import { providerText } from "./provider-text.js";

/** The migrations of one database behind Hasura. The admin secret is read from the environment or the stack's configuration. */
export type MigrationHistoryArgs = {
  readonly [Key in keyof MigrationHistoryArguments]: Inputs<MigrationHistoryArguments[Key]>;
};

const TYPE = "pulumi-nodejs:dynamic/dadosfera:MigrationHistory";

/** Applies a folder of migrations to one database behind Hasura: each once, squashes only where their parts are not. */
export class MigrationHistory extends pulumi.CustomResource {
  /** What is applied, in order. */
  declare readonly versions: pulumi.Output<HistoryOutputs["versions"]>;
  /** Each tracked table with its columns, by schema and name: `public.students`. A `Job` takes one as its `sourceColumns`. */
  declare readonly tables: pulumi.Output<SourceTables>;

  constructor(
    name: string,
    args: MigrationHistoryArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const urn = pulumi.createUrn(name, TYPE, options.parent);
    const resume = pausePromiseTraces();
    try {
      super(
        TYPE,
        name,
        {
          versions: undefined,
          tables: undefined,
          ...args,
          __dadosfera: { urn },
          __provider: providerText("MigrationHistory"),
        },
        options,
      );
    } catch (error) {
      throw resume(error);
    }
    resume();
  }
}
