import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PACKAGE_ROOT } from "../../support/package-root.js";

/** Beside the project's folder: it belongs to nobody here, and is no part of the package. */
const PLACE = join(PACKAGE_ROOT, "../shared/maestro/openapi.yaml");

/** A JSON schema of the dialect of OpenAPI 3.1, without references. */
export type Schema = Readonly<Record<string, unknown>>;

/** One operation of the contract. */
export interface Operation {
  readonly operationId: string;
  /** In capitals. */
  readonly method: string;
  /** `/platform/pipeline/{pipelineId}` */
  readonly template: string;
  readonly tag: string;
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  /** By status; undefined for an answer whose body is not described. */
  readonly answers: ReadonlyMap<number, Schema | undefined>;
}

type Parameter = Readonly<z.infer<typeof parameter>>;

interface Body {
  readonly isRequired: boolean;
  readonly schema: Schema;
  readonly examples: readonly unknown[];
}

export interface OpenApi {
  readonly operations: readonly Operation[];
  /** By name. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The whole document, references and all. */
  readonly source: unknown;
}

/** Reads the contract; undefined where it is not there. */
export function findOpenApi(): OpenApi | undefined {
  if (!existsSync(PLACE)) return undefined;
  const source: unknown = parse(readFileSync(PLACE, "utf8"));
  const { paths, components } = document.parse(withoutReferences(source, source));
  const operations = Object.entries(paths).flatMap(([template, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [read(operation, method, template, item.parameters)];
    }),
  );
  return { operations, schemas: components.schemas, source };
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

const schema = z.record(z.string(), z.unknown());

const content = z.object({
  "application/json": z
    .object({
      schema,
      example: z.unknown().optional(),
      examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
    })
    .optional(),
});

const parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().default(false),
  schema,
});

const operation = z.object({
  operationId: z.string(),
  tags: z.tuple([z.string()]),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
});

const pathItem = z.object({
  parameters: z.array(parameter).default([]),
  get: operation.optional(),
  post: operation.optional(),
  put: operation.optional(),
  patch: operation.optional(),
  delete: operation.optional(),
});

const document = z.object({
  paths: z.record(z.string(), pathItem),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

function read(
  { operationId, tags, security, parameters, requestBody, responses }: z.infer<typeof operation>,
  method: string,
  template: string,
  shared: readonly Parameter[],
): Operation {
  const json = requestBody?.content["application/json"];
  return {
    operationId,
    method: method.toUpperCase(),
    template,
    tag: tags[0],
    isPublic: security?.length === 0,
    parameters: [...shared, ...parameters],
    body:
      json === undefined
        ? undefined
        : {
            isRequired: requestBody?.required ?? false,
            schema: json.schema,
            examples: [
              ...(json.example === undefined ? [] : [json.example]),
              ...Object.values(json.examples).map(({ value }) => value),
            ],
          },
    answers: new Map(
      Object.entries(responses).map(([status, answer]) => [
        Number(status),
        answer.content?.["application/json"]?.schema,
      ]),
    ),
  };
}

/** The same with what each `$ref` points at in its place: no schema of the contract holds itself. */
function withoutReferences(node: unknown, root: unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => withoutReferences(one, root));
  if (typeof node !== "object" || node === null) return node;
  const reference = "$ref" in node ? node.$ref : undefined;
  if (typeof reference === "string") return withoutReferences(at(root, reference), root);
  const fields = Object.entries(node).map(([name, field]) => [
    name,
    withoutReferences(field, root),
  ]);
  return Object.fromEntries(fields);
}

function at(root: unknown, reference: string): unknown {
  const names = reference.replace(/^#\//, "").split("/");
  return names.reduce((node, name) => schema.parse(node)[name], root);
}
