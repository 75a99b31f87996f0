import { createRequire } from "node:module";

/** How the engine's log shows a message. */
type Severity = "info" | "warning";

/** Shows messages in the engine's display, under one resource. */
export interface EngineLog {
  show(severity: Severity, text: string, urn: string, isEphemeral: boolean): void;
  /** Resolves when everything shown so far has reached the engine, or cannot. */
  flushed(): Promise<void>;
}

type LogModules = ReturnType<typeof loadModules>;

/**
 * The engine's own log service, by the address that Pulumi gives a provider process as its last argument. Messages
 * are sent one after the other, so that they are shown in order; a log that cannot be reached fails no change.
 */
export function openEngineLog(address: string | undefined): EngineLog {
  let sending: Promise<void> = Promise.resolve();
  let client: ReturnType<LogModules["connect"]> | undefined;
  const show: EngineLog["show"] = (severity, text, urn, isEphemeral) => {
    if (address === undefined || !/:\d+$/.test(address)) return;
    sending = sending.then(() => {
      const modules = loadModules();
      client ??= modules.connect(address);
      return modules.send(client, { severity, text, urn, isEphemeral });
    });
  };
  return { show, flushed: () => sending };
}

function loadModules() {
  const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb.js") as EngineGrpc;
  const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb.js") as EnginePb;
  // The SDK's own copy: its generated client accepts no other.
  const { credentials } = createRequire(require.resolve("@pulumi/pulumi/package.json"))(
    "@grpc/grpc-js",
  ) as Grpc;
  return {
    connect: (address: string) => new EngineClient(address, credentials.createInsecure()),
    send: (client: EngineClientLike, { severity, text, urn, isEphemeral }: Message) =>
      new Promise<void>((resolve) => {
        const request = new LogRequest();
        request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
        request.setMessage(text);
        request.setUrn(urn);
        request.setEphemeral(isEphemeral);
        client.log(request, { deadline: Date.now() + 5000 }, () => resolve());
      }),
  };
}

interface Message {
  readonly severity: Severity;
  readonly text: string;
  readonly urn: string;
  readonly isEphemeral: boolean;
}

interface LogRequestLike {
  setSeverity(severity: number): void;
  setMessage(text: string): void;
  setUrn(urn: string): void;
  setEphemeral(isEphemeral: boolean): void;
}
interface EngineClientLike {
  log(request: LogRequestLike, options: { deadline: number }, done: () => void): void;
}
interface EngineGrpc {
  readonly EngineClient: new (address: string, credentials: unknown) => EngineClientLike;
}
interface EnginePb {
  readonly LogRequest: new () => LogRequestLike;
  readonly LogSeverity: { readonly INFO: number; readonly WARNING: number };
}
interface Grpc {
  readonly credentials: { createInsecure(): unknown };
}
