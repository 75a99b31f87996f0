import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";

// Loaded with --require into the program's and the provider's process, whichever engine starts them: writes
// every call that the provider gets, and every registration that the program makes, to the file CALLS.
const file = process.env["CALLS"];
const entry = process.argv[1] ?? "";
let count = 0;

if (file !== undefined && entry.includes("dynamic-provider")) recordProvider();
if (file !== undefined && /cmd[\\/]run/.test(entry)) recordProgram();

function recordProvider(): void {
  const { Server } = createRequire(entry)("@grpc/grpc-js");
  const addService = Server.prototype.addService;
  Server.prototype.addService = function (service: Service, handlers: Handlers) {
    const recorded = Object.entries(service).map(([name, { path }]) => {
      const handler = handlers[name];
      const work: Handler = (call, callback) => {
        const finish = begin(path, call.request);
        handler?.call(handlers, call, (error, response, ...more) => {
          finish(error, response);
          callback(error, response, ...more);
        });
      };
      return [name, handler && work];
    });
    return addService.call(this, service, Object.fromEntries(recorded));
  };
}

function recordProgram(): void {
  const { ResourceMonitorClient } = createRequire(entry)(
    "@pulumi/pulumi/proto/resource_grpc_pb.js",
  );
  for (const method of ["registerResource", "registerResourceOutputs"]) {
    const send = ResourceMonitorClient.prototype[method];
    ResourceMonitorClient.prototype[method] = function (request: Message, ...rest: unknown[]) {
      const callback = rest.pop() as Callback;
      const path = `/pulumirpc.ResourceMonitor/${method[0]?.toUpperCase()}${method.slice(1)}`;
      const finish = begin(path, request);
      return send.call(this, request, ...rest, (error: Failure, response: Message) => {
        finish(error, response);
        callback(error, response);
      });
    };
  }
}

type Message = object;
type Failure = { readonly message?: string; readonly details?: string } | null;
type Callback = (error: Failure, response?: Message, ...more: unknown[]) => void;
type Handler = (call: { readonly request: Message }, callback: Callback) => void;
type Handlers = Readonly<Record<string, Handler>>;
type Service = Readonly<Record<string, { readonly path: string }>>;

function begin(path: string, request: Message): (error: Failure, response?: Message) => void {
  const [, service = "", method = ""] = /\.(\w+)\/(\w+)$/.exec(path) ?? [];
  const call = `${service}.${method}`;
  count += 1;
  const n = `${process.pid}-${count}`;
  write({ n, event: "start", call, request: plain(request) });
  return (error, response) =>
    write({
      n,
      event: "end",
      call,
      ...(error ? { errors: [error.details ?? error.message] } : { response: plain(response) }),
    });
}

function write(line: unknown): void {
  appendFileSync(file ?? "", `${JSON.stringify(line)}\n`);
}

/** What a message holds, as JSON; defaults are left out, as in Pulumi's own log of its calls. */
function plain(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(plain);
  if (typeof message !== "object" || message === null) return message;
  if ("toJavaScript" in message) return (message.toJavaScript as () => unknown)();
  if ("toArray" in message && "getEntryList" in message)
    return Object.fromEntries((message.getEntryList as () => [])());
  const fields = Object.entries(Object.getPrototypeOf(message)).flatMap(([name, get]) => {
    const key = /^get([A-Z]\w*?)(List|Map)?$/.exec(name)?.[1];
    if (key === undefined || /_as(U8|B64)$/.test(name)) return [];
    const value = plain((get as () => unknown).call(message));
    const isDefault =
      !value ||
      (typeof value === "object" && Object.keys(value).length === 0 && name.match(/List|Map/));
    return isDefault ? [] : [[key.toLowerCase(), value]];
  });
  return Object.fromEntries(fields);
}
