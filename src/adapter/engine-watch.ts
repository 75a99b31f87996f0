import { connect } from "node:net";

const EVERY_MS = 2000;
const REFUSALS = 2;

/**
 * Looks whether the engine still listens, and calls `onGone` when it has ceased to: a killed engine leaves this process
 * behind without a word, and its parent does not tell, because a shell stands between. An engine that was never
 * reached is not waited for. It looks as long as this process lives: the engine may be killed before there is work, or
 * after, and then nobody else would end the process.
 */
export function watchEngine(address: string | undefined, onGone: () => void): void {
  const [, host, port] = /^(.+):(\d+)$/.exec(address ?? "") ?? [];
  if (host === undefined) return;
  let wasReached = false;
  let refusals = 0;
  const look = async () => {
    const isThere = await listens(host, Number(port));
    wasReached ||= isThere;
    refusals = isThere ? 0 : refusals + 1;
    if (wasReached && refusals === REFUSALS) onGone();
  };
  void look();
  setInterval(() => void look(), EVERY_MS).unref();
}

/** False only if the connection is refused: an engine that is merely slow is there. */
function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: EVERY_MS });
    const settle = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(true));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code !== "ECONNREFUSED"));
  });
}
