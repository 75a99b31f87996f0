/** What arrived: a statement, or a login (whose `sql` is empty). A driver that sends again raises `attempt`. */
export interface Occasion {
  readonly kind: "statement" | "login";
  readonly sql: string;
  readonly user: string;
  readonly session: string;
  readonly requestId: string;
  readonly attempt: number;
}

export type FaultAction =
  | { readonly kind: "none" }
  /** The connection is closed and nothing was executed. */
  | { readonly kind: "drop-before" }
  /** The connection is closed after execution. With `forgets`, the server does not know the request when it comes again. */
  | { readonly kind: "drop-after"; readonly forgets?: boolean }
  | { readonly kind: "status"; readonly status: number }
  /** Snowflake's refusal. 390111 also ends the session; 390112 asks the driver for a new token. */
  | {
      readonly kind: "error";
      readonly code: string;
      readonly sqlState: string;
      readonly message: string;
    }
  | { readonly kind: "delay"; readonly ms: number }
  /** Something that happens just before the statement, such as a load by somebody else. */
  | { readonly kind: "run"; readonly work: () => Promise<void> };

export type FaultHook = (occasion: Occasion) => FaultAction;

/** Trouble on request: hooks are asked about each arrival, and the first that answers other than `none` has its way. */
export class WarehouseFaults {
  readonly #hooks = new Set<FaultHook>();

  /** Adds a hook; the answer takes it away again. */
  on(hook: FaultHook): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  clear(): void {
    this.#hooks.clear();
  }

  choose(occasion: Occasion): FaultAction {
    for (const hook of this.#hooks) {
      const action = hook(occasion);
      if (action.kind !== "none") return action;
    }
    return { kind: "none" };
  }
}
