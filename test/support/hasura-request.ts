export interface HasuraAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks Hasura as any client would. */
export async function asked(
  url: string,
  path: string,
  type: string,
  args: unknown = {},
  headers: Readonly<Record<string, string>> = { "x-hasura-admin-secret": "emulated-hasura" },
): Promise<HasuraAnswer> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close", ...headers },
    body: JSON.stringify({ type, args }),
  });
  return { status: response.status, body: await response.json() };
}
