import type { Checkpoint } from "./checkpoint.js";
import type { Child } from "./child-process.js";
import type { Listener } from "./events.js";
import type { Interruption } from "./interruption.js";
import { type Launch, startProvider } from "./launch.js";
import type { LogMessage } from "./monitor.js";
import type { PropertyMap } from "./property.js";
import { Provider } from "./provider.js";
import { Run } from "./run.js";
import type { Session } from "./session.js";
import type { RunPlan } from "./wish.js";

/** A run with the processes that belong to it. */
export class RunContext {
  readonly session: Session;
  readonly parallel: number;
  readonly run: Run;
  readonly children = new Set<Child>();
  #provider: Promise<Provider> | undefined;
  #launchLater: (() => void) | undefined;

  constructor(parts: {
    readonly session: Session;
    readonly loaded: Checkpoint;
    readonly isPreview: boolean;
    readonly plan: RunPlan;
    readonly parallel: number;
    readonly emit: Listener;
  }) {
    const { session, loaded, isPreview, plan, parallel, emit } = parts;
    this.session = session;
    this.parallel = parallel;
    this.run = new Run({
      isPreview,
      plan,
      snapshot: session.beginSnapshot(loaded, isPreview),
      keeper: session.keeper,
      provider: () => this.#openProvider(),
      parallel,
      emit,
    });
  }

  /** Starts the provider process beside the program: it takes as long to load. */
  launchProvider(launch: Launch, config: PropertyMap): void {
    const launched = startProvider(launch);
    this.children.add(launched.child);
    this.#provider = Provider.open(launched, config);
    // Who needs the provider gets this error; who does not need it must not fail by it.
    this.#provider.catch(() => undefined);
  }

  /** Starts the provider process only when a resource asks for it. */
  launchProviderOnDemand(launch: Launch, config: PropertyMap): void {
    this.#launchLater = () => this.launchProvider(launch, config);
  }

  async closeProvider(): Promise<void> {
    try {
      await (await this.#provider)?.close();
    } catch {
      // It never came up; its process is ended below.
    }
    await Promise.all([...this.children].map((child) => child.stop("SIGINT", 5000)));
  }

  /** Ends the run well on the first wish to end. */
  obey(interruption: Interruption): void {
    interruption.onFirst(() => {
      this.run.stopFor({ kind: "cancelled" });
      void this.#provider?.then((provider) => provider.cancel()).catch(() => undefined);
    });
  }

  /** Ends everything at once; the state file keeps what it says now. */
  abandon(): void {
    this.run.snapshot.freeze();
    for (const child of this.children) child.kill();
  }

  #openProvider(): Promise<Provider> {
    if (this.#provider === undefined) this.#launchLater?.();
    return this.#provider ?? Promise.reject(new Error("No provider process was started."));
  }
}

/** Turns lines that a process prints into messages on the stack. */
export function lineHandler(run: Run, source: string): Launch["onLine"] {
  return (stream, line) =>
    run.emit({
      kind: "message",
      severity: stream === "stderr" ? "info#err" : "info",
      text: `${line}\n`,
      isEphemeral: false,
      source: `${source} ${stream}`,
    });
}

/** Turns log calls of program and provider into messages; debug messages are dropped. */
export function logHandler(run: Run): (message: LogMessage) => void {
  return ({ severity, text, urn, isEphemeral }) => {
    if (severity === "debug") return;
    const place = urn === "" ? {} : { urn };
    run.emit({ kind: "message", severity, text, isEphemeral, source: "log", ...place });
  };
}
