import { alreadyTracked, notExists, parseFailed } from "./answers.js";
import {
  type InconsistentObject,
  inconsistenciesOf,
  keyOf,
  type Metadata,
  type MetadataSource,
  type TableName,
} from "./metadata.js";
import { asRefusal, runSql } from "./run-sql.js";
import { findSource, type Sources } from "./sources.js";
import { readCatalogue, type Store } from "./store.js";

type Fields = Readonly<Record<string, unknown>>;
type Operation = (args: Fields) => Promise<unknown>;

const SUCCESS = { message: "success" };

/** Hasura's operations by the `type` of a request. */
export class Operations {
  readonly #store: Store;
  readonly #sources: Sources;
  /** As of the last time that Hasura looked at the schema: it does not look after every `run_sql`. */
  #inconsistent: Promise<readonly InconsistentObject[]> | undefined;

  constructor(store: Store, sources: Sources) {
    this.#store = store;
    this.#sources = sources;
  }

  /** Carries out one request of `{type, args}`, if the path takes its type. */
  async perform(path: string, body: unknown): Promise<unknown> {
    const { type, args } = fieldsOf(body, "$");
    const operation = this.#operations(path).get(String(type));
    if (operation === undefined) {
      throw parseFailed(
        "$.type",
        `the key 'type' has a value that ${path} does not take: ${JSON.stringify(type)}`,
      );
    }
    if (type === "bulk") return this.#bulk(path, args);
    return operation(fieldsOf(args ?? {}, "$.args"));
  }

  #operations(path: string): ReadonlyMap<string, Operation> {
    const sql: readonly (readonly [string, Operation])[] = [
      ["run_sql", (args) => this.#runSql(args)],
      ["pg_run_sql", (args) => this.#runSql(args)],
    ];
    const bulk = ["bulk", async () => undefined] as const;
    if (path === "/v2/query") return new Map([...sql, bulk]);
    if (path === "/v1/query") return new Map([...sql, ...this.#metadataOperations(), bulk]);
    return new Map([...this.#metadataOperations(), bulk]);
  }

  #metadataOperations(): readonly (readonly [string, Operation])[] {
    const store = this.#store;
    return [
      ["get_catalog_state", () => store.catalogState()],
      ["set_catalog_state", (args) => this.#setState(args)],
      ["export_metadata", () => store.metadata()],
      ["replace_metadata", (args) => this.#change(() => metadataIn(args))],
      [
        "reload_metadata",
        async () => ({ ...SUCCESS, is_consistent: (await this.#look()).length === 0 }),
      ],
      ["get_inconsistent_metadata", () => this.#inconsistencies()],
      ["pg_add_source", (args) => this.#change((metadata) => withSource(metadata, args))],
      ["pg_track_table", (args) => this.#track(args)],
      ["pg_untrack_table", (args) => this.#change((metadata) => withoutTable(metadata, args))],
    ];
  }

  /** One after the other; the first that fails ends it, and what was done before stays. */
  async #bulk(path: string, args: unknown): Promise<readonly unknown[]> {
    if (!Array.isArray(args)) throw parseFailed("$.args", "parsing [] failed, expected Array");
    const answers: unknown[] = [];
    for (const request of args) answers.push(await this.perform(path, request));
    return answers;
  }

  async #runSql(args: Fields): Promise<unknown> {
    const metadata = await this.#store.metadata();
    const source = findSource(textIn(args, "source", "default"), metadata);
    const outcome = await runSql(
      {
        sql: textIn(args, "sql"),
        cascade: args["cascade"] === true,
        readOnly: args["read_only"] === true,
        noTransaction: args["no_transaction"] === true,
        checksMetadata: booleanIn(args, "check_metadata_consistency"),
      },
      source,
      await this.#sources.databaseOf(source.name, metadata),
    );
    if (outcome.isSchemaRead) await this.#look();
    return outcome.body;
  }

  async #setState(args: Fields): Promise<unknown> {
    const type = args["type"];
    if (type !== "cli" && type !== "console") {
      throw parseFailed("$.args.type", `unexpected catalog state type: ${JSON.stringify(type)}`);
    }
    await this.#store.replaceState(type, fieldsOf(args["state"], "$.args.state"));
    return SUCCESS;
  }

  async #change(change: (metadata: Metadata) => Metadata): Promise<unknown> {
    await this.#store.changeMetadata(change);
    await this.#look();
    return SUCCESS;
  }

  async #track(args: Fields): Promise<unknown> {
    const table = tableIn(args);
    const metadata = await this.#store.metadata();
    const source = findSource(textIn(args, "source", "default"), metadata);
    const postgres = await this.#sources.databaseOf(source.name, metadata);
    const catalogue = await postgres.session(readCatalogue);
    if (!catalogue.has(keyOf(table))) {
      throw notExists(`no such table/view exists in source: ${JSON.stringify(table.name)}`);
    }
    return this.#change((now) => withTable(now, args));
  }

  async #inconsistencies(): Promise<unknown> {
    const objects = await (this.#inconsistent ?? this.#look());
    return { is_consistent: objects.length === 0, inconsistent_objects: objects };
  }

  /** Looks at every source's schema, as Hasura does when it builds its own picture of it. */
  #look(): Promise<readonly InconsistentObject[]> {
    this.#inconsistent = this.#compare();
    return this.#inconsistent;
  }

  async #compare(): Promise<readonly InconsistentObject[]> {
    const metadata = await this.#store.metadata();
    const found: InconsistentObject[] = [];
    for (const source of metadata.sources) {
      const postgres = await this.#sources.databaseOf(source.name, metadata);
      found.push(...inconsistenciesOf(source, await postgres.session(readCatalogue)));
    }
    return found;
  }
}

function metadataIn(args: Fields): Metadata {
  const metadata = "metadata" in args ? args["metadata"] : args;
  const fields = fieldsOf(metadata, "$.args.metadata");
  if (fields["version"] !== 3 || !Array.isArray(fields["sources"])) {
    throw parseFailed("$.args.metadata", "expected metadata of version 3 with its sources");
  }
  return fields as unknown as Metadata;
}

function withSource(metadata: Metadata, args: Fields): Metadata {
  const name = textIn(args, "name");
  if (metadata.sources.some((source) => source.name === name)) {
    throw alreadyTracked(`postgres source with name "${name}" already exists`);
  }
  const source = { name, kind: "postgres", tables: [], configuration: args["configuration"] };
  return { ...metadata, sources: [...metadata.sources, source] };
}

function withTable(metadata: Metadata, args: Fields): Metadata {
  const table = tableIn(args);
  const { configuration } = args;
  return changeSource(metadata, args, (source) => {
    if (source.tables.some((one) => keyOf(one.table) === keyOf(table))) {
      throw alreadyTracked(`view/table already tracked : ${JSON.stringify(table.name)}`);
    }
    const tracked = { table, ...(configuration !== undefined && { configuration }) };
    return { ...source, tables: [...source.tables, tracked] } as MetadataSource;
  });
}

function withoutTable(metadata: Metadata, args: Fields): Metadata {
  const table = tableIn(args);
  return changeSource(metadata, args, (source) => {
    const tables = source.tables.filter((one) => keyOf(one.table) !== keyOf(table));
    if (tables.length === source.tables.length) {
      throw notExists(`view/table ${JSON.stringify(table.name)} is not tracked`);
    }
    return { ...source, tables };
  });
}

function changeSource(
  metadata: Metadata,
  args: Fields,
  change: (source: MetadataSource) => MetadataSource,
): Metadata {
  const wanted = findSource(textIn(args, "source", "default"), metadata);
  const sources = metadata.sources.map((one) => (one === wanted ? change(one) : one));
  return { ...metadata, sources };
}

/** `"students"`, or `{schema, name}`. */
function tableIn(args: Fields): TableName {
  const { table } = args;
  if (typeof table === "string") return { schema: "public", name: table };
  const fields = fieldsOf(table, "$.args.table");
  return { schema: textIn(fields, "schema", "public"), name: textIn(fields, "name") };
}

function textIn(fields: Fields, name: string, otherwise?: string): string {
  const value = fields[name] ?? otherwise;
  if (typeof value === "string") return value;
  throw parseFailed("$.args", `key "${name}" not found`);
}

function booleanIn(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  return typeof value === "boolean" ? value : undefined;
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw parseFailed(path, "parsing failed, expected Object");
}

/** What any failure of an operation is to its caller. */
export function refusalFor(error: unknown) {
  return asRefusal(error, "");
}
