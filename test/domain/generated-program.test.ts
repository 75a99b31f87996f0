import assert from "node:assert/strict";
import fc from "fast-check";
import ts from "typescript";
import {
  indexText,
  type ProgramPart,
  partFileText,
  programParts,
  programText,
} from "#src/domain/generated-program.js";
import { describePipeline } from "#src/domain/live-description.js";
import { aSeenJob, aSeenPipeline, pipelineIds, texts } from "../support/live-pipelines.js";

const never = () => false;

/** What would end a comment, and be read as the program's. */
const ENDS_OF_LINES = ["one\nconst", "one\rconst", "one\u2028const", "one\u2029const"];

/** Pipelines with any names and texts; some of them nobody can adopt, some of their jobs nobody can describe. */
const parts: fc.Arbitrary<readonly ProgramPart[]> = fc
  .uniqueArray(
    fc.record({
      id: pipelineIds,
      name: texts,
      description: texts,
      tableName: texts,
      columns: fc.array(texts, { maxLength: 5 }),
      unknownFields: fc.array(fc.oneof(texts, fc.constantFrom(...ENDS_OF_LINES)), { maxLength: 1 }),
    }),
    { maxLength: 6, selector: ({ id }) => id },
  )
  .map((pipelines) =>
    programParts(
      pipelines.map(({ id, name, description, tableName, columns, unknownFields }) => {
        const job = aSeenJob(
          id,
          0,
          { tableName, columnIncludeList: ["updated_at", ...columns] },
          unknownFields,
        );
        const live = aSeenPipeline({ id, name, description, jobs: [job, aSeenJob(id, 1)] });
        return describePipeline(live, never);
      }),
    ),
  );

describe("a generated program", () => {
  it("is valid TypeScript whose constants are unique and whose texts read back equal, for any names", () => {
    fc.assert(
      fc.property(parts, (all) => {
        const text = programText(all);

        const { constants, strings, problems } = parsed(text);
        assert.deepEqual(problems, []);
        assert.equal(new Set(constants).size, constants.length);
        assert.ok(textsOf(all).every((wanted) => strings.has(wanted)));
      }),
    );
  });

  it("is the same as files, one for each pipeline, that an index imports", () => {
    fc.assert(
      fc.property(parts, (all) => {
        const files = all.map(partFileText);

        const read = [...files, indexText(all)].map(parsed);
        const constants = read.flatMap((file) => file.constants);
        assert.deepEqual(
          read.flatMap(({ problems }) => problems),
          [],
        );
        assert.deepEqual(constants.toSorted(), [...parsed(programText(all)).constants].sort());
        assert.deepEqual(
          [...parsed(indexText(all)).strings],
          all.map(({ names }) => `./${names.resource}`),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("says what is live, and no more", () => {
    const live = aSeenPipeline({
      description: "tabela pedidos",
      cron: "15 3 * * *",
      status: "paused",
      jobs: [
        aSeenJob(undefined, 0, {
          loadType: "incremental_with_qualify",
          primaryKeys: ["id"],
          memoryAllocationMb: 4096,
          networkConfig: { ssh: true },
          transformations: [{ type: "drop" }],
          destinationTable: "bruto",
        }),
      ],
    });

    const text = programText(programParts([describePipeline(live, never)]));

    assert.equal(
      text,
      `import { Pipeline } from "pulumi-dadosfera";

const orders = new Pipeline("orders", {
  adopt: true,
  pipelineId: "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae",
  name: "Orders",
  description: "tabela pedidos",
  cron: "15 3 * * *",
  paused: true,
  jobs: [
    {
      input: {
        connector: "jdbc",
        plugin: "mysql",
        tableSchema: "cadastros",
        tableName: "pedidos",
        loadType: "incremental_with_qualify",
        incrementalColumnName: "updated_at",
        incrementalColumnType: "timestamp",
        columnIncludeList: ["id", "valor", "updated_at"],
        networkConfig: { ssh: true },
        authParameters: { authType: "connection_manager", configId: "config-1" },
      },
      output: {
        plugin: "dadosfera_snowflake",
        raw: { tableName: "bruto" },
      },
      transformations: [
        { type: "drop" },
      ],
      memoryMb: 4096,
      primaryKeys: ["id"],
    },
  ],
});
`,
    );
  });

  it("describes jobs alone where no program can say the pipeline, and says why in a comment", () => {
    const id = aSeenPipeline().id;
    const file = { kind: "hidden", id: `${id}-1`, table: "a\nb", why: "it is a file" } as const;
    const live = aSeenPipeline({ jobs: [aSeenJob(), { ...file, id: aSeenJob(id, 1).id }] });

    const text = programText(programParts([describePipeline(live, never)]));

    const [head, ...rest] = text.split("\n\n");
    assert.equal(head, 'import { Job } from "pulumi-dadosfera";');
    assert.equal(
      rest.join("\n\n").split("\n").slice(0, 5).join("\n"),
      `// Pipeline "Orders" (${id}): 1 of its 2 jobs cannot be described, and a program adopts a pipeline with all of them.
// Pipeline "Orders" (${id}), job of table "a\\nb" (${id}-1): it is a file.
const ordersJob0 = new Job("orders-job-0", {
  jobId: "${id}-0",
  input: {`,
    );
  });
});

/** What stands in a program, as TypeScript reads it. */
function parsed(text: string) {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  const constants: string[] = [];
  const strings = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) constants.push(node.name.getText());
    if (ts.isStringLiteral(node)) strings.add(node.text);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile("program.ts", text, ts.ScriptTarget.ES2023, true));
  return { constants, strings, problems: diagnostics.map(({ messageText }) => messageText) };
}

/** Every text that the parts say of what is live. */
function textsOf(all: readonly ProgramPart[]): readonly string[] {
  return all.flatMap(({ description: { pipeline, jobs } }) => [
    ...(pipeline === undefined ? [] : [pipeline.name, pipeline.description ?? pipeline.name]),
    ...jobs.flatMap(({ creation: { input } }) => [
      input.tableName,
      ...(input.columnIncludeList ?? []),
    ]),
  ]);
}
