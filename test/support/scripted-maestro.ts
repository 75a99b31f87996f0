import { MaestroClient } from "#src/maestro/client.js";
import type { MaestroSettings } from "#src/maestro/settings.js";
import type { MaestroClientOptions } from "#src/maestro/switchboard.js";
import {
  type HostileServer,
  type Reaction,
  type SeenRequest,
  startHostileServer,
} from "./hostile-server.js";
import { QuickClock } from "./quick-clock.js";

/**
 * Reactions by "METHOD /path", used up in order; the last one stays. A promise holds the answer back. What is not in the script is not
 * routed.
 */
export type Script = Readonly<Record<string, readonly (Reaction | Promise<Reaction>)[]>>;

/** A server that plays a script, and signs in whoever asks: with `token-1`, then `token-2`, and so on. */
export async function startScriptedMaestro(script: Script): Promise<HostileServer> {
  const used = new Map<string, number>();
  let tokens = 0;
  return startHostileServer((request) => {
    const route = `${request.method} ${request.path}`;
    const nth = used.get(route) ?? 0;
    used.set(route, nth + 1);
    const reactions = script[route];
    if (reactions !== undefined) return reactions[nth] ?? reactions.at(-1) ?? notRouted(request);
    if (route !== SIGN_IN) return notRouted(request);
    tokens += 1;
    return signedIn(`token-${tokens}`, `refresh-${tokens}`);
  });
}

export const SIGN_IN = "POST /auth/sign-in";
export const REFRESH = "POST /auth/refresh-access-token";

export function ok(body: unknown): Reaction {
  return { kind: "answer", status: 200, body };
}

export function refused(status: number, body: unknown): Reaction {
  return { kind: "answer", status, body };
}

export function signedIn(accessToken: string, refreshToken: string): Reaction {
  return ok({ tokens: { accessToken, refreshToken }, customer: { name: "exemplo-varejo" } });
}

export function notRouted({ method, path }: Pick<SeenRequest, "method" | "path">): Reaction {
  return refused(404, { message: `Cannot ${method} ${path}`, error: "Not Found", statusCode: 404 });
}

/** A client of such a server, in whose time nobody waits. */
export function clientOf(
  server: HostileServer,
  settings: Partial<MaestroSettings> = {},
  options: MaestroClientOptions = {},
): MaestroClient {
  const credentials = { username: "robo@exemplo.com.br", password: "correct-horse" };
  return new MaestroClient(
    { baseUrl: server.url, ...credentials, ...settings },
    { clock: new QuickClock(), random: () => 0.5, ...options },
  );
}

/** What was asked for, sign-in left out: "METHOD /path" each. */
export function asked(server: HostileServer): readonly string[] {
  return server.requests
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => route !== SIGN_IN);
}

/** What was asked for, sign-in included, and the tokens it came with. */
export function traffic(server: HostileServer) {
  const routes = server.requests.map(({ method, path }) => `${method} ${path}`);
  const tokens = server.requests.flatMap(({ headers }) => headers.authorization ?? []);
  return { routes, tokens };
}
