export interface HasuraOptions {
  /** A real server by URL; a PostgreSQL in this process if left out. */
  readonly postgres?: string;
  /** What `X-Hasura-Admin-Secret` must hold; `emulated-hasura` if left out. */
  readonly adminSecret?: string;
}

export const DEFAULT_ADMIN_SECRET = "emulated-hasura";
