import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import type { LaunchedProvider } from "./launch.js";
import { canonicalText, isSecret, type PropertyMap, unwrapSecrets } from "./property.js";
import { nameOf, providerType, type ResourceState, typeOf } from "./resource-state.js";
import { Empty, grpc, Struct } from "./sdk.js";

/** What a provider's `diff` answered; `changes` is undefined if it left the question to the engine. */
export interface ProviderDiff {
  readonly changes: boolean | undefined;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** A create or update that got half way: the provider says what is there now. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: readonly string[];

  constructor(half: {
    readonly id: string;
    readonly properties: PropertyMap;
    readonly reasons: readonly string[];
  }) {
    const count = `${half.reasons.length} error${half.reasons.length === 1 ? "" : "s"} occurred:`;
    super(`${[count, ...half.reasons.map((reason) => `\t* ${reason}`)].join("\n")}\n\n`);
    this.id = half.id;
    this.properties = half.properties;
    this.reasons = half.reasons;
  }
}

/** The provider process, as a door. Properties go in with secrets unwrapped and come back plain. */
export class Provider {
  readonly #launched: LaunchedProvider;
  readonly #client: ResourceProviderClient;

  private constructor(launched: LaunchedProvider, client: ResourceProviderClient) {
    this.#launched = launched;
    this.#client = client;
  }

  /** Waits until the process listens, then configures it. `config` may hold secrets. */
  static async open(launched: LaunchedProvider, config: PropertyMap): Promise<Provider> {
    const noLimit = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const address = await launched.address;
    const client = new ResourceProviderClient(address, grpc.credentials.createInsecure(), noLimit);
    const request = new proto.ConfigureRequest()
      .setArgs(Struct.fromJavaScript({ ...config }))
      .setAcceptsecrets(true)
      .setName("default")
      .setType(providerType);
    for (const [key, value] of Object.entries(config)) {
      const text = isSecret(value) ? value["value"] : value;
      const plain = typeof text === "string" ? text : canonicalText(text ?? null);
      request.getVariablesMap().set(`pulumi-nodejs:config:${key}`, plain);
    }
    await call((done) => client.configure(request, done));
    return new Provider(launched, client);
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap) {
    const request = named(new proto.CheckRequest(), urn).setOlds(wire(olds)).setNews(wire(news));
    const response = await call<proto.CheckResponse>((done) => this.#client.check(request, done));
    const failures = response.getFailuresList().map((failure) => ({
      property: failure.getProperty(),
      reason: failure.getReason(),
    }));
    return { inputs: plain(response.getInputs()), failures };
  }

  async diff(
    old: ResourceState,
    news: PropertyMap,
    olds = old.outputs ?? {},
  ): Promise<ProviderDiff> {
    const request = named(new proto.DiffRequest(), old.urn)
      .setId(old.id ?? "")
      .setOlds(wire(olds))
      .setNews(wire(news))
      .setOldInputs(wire(old.inputs ?? {}))
      .setIgnorechangesList([...(old.ignoreChanges ?? [])]);
    const response = await call<proto.DiffResponse>((done) => this.#client.diff(request, done));
    const kinds = proto.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      changes: changes === kinds.DIFF_UNKNOWN ? undefined : changes === kinds.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  /** Throws PartialFailure if the thing exists but is not finished. */
  async create(urn: string, inputs: PropertyMap) {
    const request = named(new proto.CreateRequest(), urn).setProperties(wire(inputs));
    const response = await call<proto.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), outputs: plain(response.getProperties()) };
  }

  /** Throws PartialFailure if the thing was changed but is not finished. */
  async update(old: ResourceState, news: PropertyMap): Promise<PropertyMap> {
    const request = named(new proto.UpdateRequest(), old.urn)
      .setId(old.id ?? "")
      .setOlds(wire(old.outputs ?? {}))
      .setNews(wire(news))
      .setOldInputs(wire(old.inputs ?? {}));
    const response = await call<proto.UpdateResponse>((done) => this.#client.update(request, done));
    return plain(response.getProperties());
  }

  async delete(old: ResourceState): Promise<void> {
    const request = named(new proto.DeleteRequest(), old.urn)
      .setId(old.id ?? "")
      .setProperties(wire(old.outputs ?? {}))
      .setOldInputs(wire(old.inputs ?? {}));
    await call((done) => this.#client.delete(request, done));
  }

  /** Undefined if the thing is gone. `inputs` only if the provider read them. */
  async read(old: ResourceState) {
    const request = named(new proto.ReadRequest(), old.urn)
      .setId(old.id ?? "")
      .setProperties(wire(old.outputs ?? {}))
      .setInputs(wire(old.inputs ?? {}));
    const response = await call<proto.ReadResponse>((done) => this.#client.read(request, done));
    if (response.getId() === "") return undefined;
    const inputs = response.hasInputs() ? plain(response.getInputs()) : undefined;
    return { id: response.getId(), outputs: plain(response.getProperties()), inputs };
  }

  /** Tells the provider that the command was cancelled; running calls go on. */
  async cancel(): Promise<void> {
    await call((done) => this.#client.cancel(new Empty(), done)).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.cancel();
    this.#client.close();
    await this.#launched.child.stop("SIGINT", 5000);
  }
}

interface Addressed {
  setUrn(urn: string): unknown;
  setName(name: string): unknown;
  setType(type: string): unknown;
}

function named<Request extends Addressed>(request: Request, urn: string): Request {
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

function wire(properties: PropertyMap) {
  return Struct.fromJavaScript({ ...unwrapSecrets(properties) });
}

function plain(struct: { toJavaScript(): unknown } | undefined): PropertyMap {
  // What a Struct turns into is JSON by its own definition.
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function call<Response>(send: (done: Done<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(readFailure(error));
    });
  });
}

/** A failure in the provider's own words, with what it told about a half-made thing. */
function readFailure(error: ServiceError): Error {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const detail = Buffer.isBuffer(details)
    ? statusProto.Status.deserializeBinary(details).getDetailsList()[0]
    : undefined;
  if (detail === undefined) return new Error(error.details, { cause: error });
  const half = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new PartialFailure({
    id: half.getId(),
    properties: plain(half.getProperties()),
    reasons: half.getReasonsList(),
  });
}
