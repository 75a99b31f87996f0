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
    const answer = await knock(host, Number(port));
    wasReached ||= answer === "open";
    refusals = answer === "refused" ? refusals + 1 : 0;
    if (wasReached && refusals === REFUSALS) onGone();
  };
  void look();
  setInterval(() => void look(), EVERY_MS).unref();
}

/** Slowness, of the engine or of this process, says neither that it is there nor that it is gone. */
type Answer = "open" | "refused" | "unknown";

function knock(host: string, port: number): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: EVERY_MS });
    const settle = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle("open"));
    socket.once("timeout", () => settle("unknown"));
    socket.once("error", ({ code }: NodeJS.ErrnoException) =>
      settle(code === "ECONNREFUSED" ? "refused" : "unknown"),
    );
  });
}
