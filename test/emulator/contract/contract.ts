import Ajv, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { DIFFERENCES, type Difference, isJson } from "./differences.js";
import type { Exchange } from "./exchange.js";
import { findOpenApi, type OpenApi, type Operation, type Schema } from "./openapi.js";

/** Judges requests and answers by the contract. */
export class Contract {
  readonly openApi: OpenApi;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #validators = new Map<Schema, ValidateFunction>();

  constructor(openApi: OpenApi) {
    this.openApi = openApi;
    addFormats(this.#ajv);
  }

  operation(operationId: string): Operation {
    const found = this.openApi.operations.find((one) => one.operationId === operationId);
    if (found === undefined) throw new Error(`The contract has no operation ${operationId}`);
    return found;
  }

  operationOf({ method, path }: Pick<Exchange, "method" | "path">): Operation | undefined {
    return this.openApi.operations.find(
      (one) => one.method === method && matches(one.template, path),
    );
  }

  /** What is wrong with a request, a sentence for each problem. */
  requestProblems(exchange: Exchange): readonly string[] {
    const operation = this.operationOf(exchange);
    if (operation === undefined) return [`${titleOf(exchange)}: not in the contract`];
    const title = `${operation.operationId} (${titleOf(exchange)})`;
    const { headers } = exchange;
    const hasCredential = "authorization" in headers !== "x-api-key" in headers;
    return [
      ...(operation.isPublic || hasCredential ? [] : ["no credential, or two"]),
      ...operation.parameters
        .filter((one) => one.in === "header" && one.required && !(one.name in headers))
        .map(({ name }) => `no header ${name}`),
      ...this.bodyProblems(operation, exchange.sent),
    ].map((problem) => `${title}: ${problem}`);
  }

  bodyProblems({ body }: Operation, sent: string): readonly string[] {
    if (sent === "") return body?.isRequired === true ? ["no body"] : [];
    if (body === undefined) return ["a body, where none is described"];
    if (!isJson(sent)) return ["a body that is no JSON"];
    return this.problems(body.schema, JSON.parse(sent));
  }

  /** What is wrong with an answer. */
  answerProblems(exchange: Exchange): readonly string[] {
    const operation = this.operationOf(exchange);
    if (operation === undefined) return [`${titleOf(exchange)}: not in the contract`];
    const { status } = exchange;
    const problems = this.#describedProblems(operation, exchange);
    const difference = differenceOf(operation, exchange);
    if (problems.length === 0 || difference === undefined) {
      return problems.map((one) => `${operation.operationId} answered ${status}: ${one}`);
    }
    const schema = this.openApi.schemas[difference.schema] ?? {};
    return this.#contentProblems(schema, exchange).map(
      (one) => `${operation.operationId} answered ${status}, as ${difference.name}: ${one}`,
    );
  }

  problems(schema: Schema, value: unknown): readonly string[] {
    const validate = this.#validators.get(schema) ?? this.#ajv.compile(schema);
    this.#validators.set(schema, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || "the whole"} ${message ?? "is wrong"}`,
    );
  }

  #describedProblems({ answers }: Operation, exchange: Exchange): readonly string[] {
    if (!answers.has(exchange.status)) return [`no such status (${exchange.received})`];
    const schema = answers.get(exchange.status);
    return schema === undefined ? [] : this.#contentProblems(schema, exchange);
  }

  #contentProblems(schema: Schema, { contentType, received }: Exchange): readonly string[] {
    if (!/^application\/json\b/.test(contentType ?? "")) return [`content type ${contentType}`];
    if (received === "" || !isJson(received)) return [`a body that is no JSON (${received})`];
    return this.problems(schema, JSON.parse(received)).map((one) => `${one} (${received})`);
  }
}

/** The contract, or undefined where its file is not there. */
export function findContract(): Contract | undefined {
  const openApi = findOpenApi();
  return openApi === undefined ? undefined : new Contract(openApi);
}

/** The listed difference that an answer is, if any. */
export function differenceOf(
  { operationId }: Operation,
  exchange: Exchange,
): Difference | undefined {
  return DIFFERENCES.find(
    ({ operations, status, isMeant }) =>
      operations?.includes(operationId) !== false &&
      status === exchange.status &&
      isMeant(exchange),
  );
}

function titleOf({ method, path }: Exchange): string {
  return `${method} ${path}`;
}

function matches(template: string, path: string): boolean {
  const [expected, given] = [template.split("/"), path.split("/")];
  return (
    expected.length === given.length &&
    expected.every((part, index) => part.startsWith("{") || part === given[index])
  );
}
