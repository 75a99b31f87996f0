import { type Call, type Service, sending } from "./calls.js";
import { SnowflakeError } from "./errors.js";
import { answerWithFault } from "./fault-effects.js";
import { findLogin } from "./logins.js";
import { MASTER_TOKEN_SECONDS, TOKEN_SECONDS } from "./open-sessions.js";
import { parameterList, type Reply, refused, succeeded } from "./replies.js";
import { type Json, part, text } from "./requests.js";
import { openSession } from "./sessions.js";

export async function logIn(call: Call): Promise<void> {
  const { service, url } = call;
  const data = part(call.body, "data");
  const user = text(data, "LOGIN_NAME");
  const action = service.faults.choose({
    kind: "login",
    sql: "",
    session: "",
    user,
    ...sending(url),
  });
  await answerWithFault(call, action, { perform: () => login(service, url, data).catch(refuse) });
}

async function login({ engine, logins, sessions }: Service, url: URL, data: Json): Promise<Reply> {
  const found = findLogin(logins, {
    user: text(data, "LOGIN_NAME"),
    authenticator: text(data, "AUTHENTICATOR"),
    password: text(data, "PASSWORD"),
    token: text(data, "TOKEN"),
  });
  const asked = (name: string) => url.searchParams.get(name) ?? undefined;
  const given = Object.entries(part(data, "SESSION_PARAMETERS"));
  const session = await openSession(engine, {
    user: found.user.toUpperCase(),
    roles: found.roles,
    role: asked("roleName"),
    database: asked("databaseName"),
    schema: asked("schemaName"),
    warehouse: asked("warehouse"),
    parameters: new Map(given.map(([name, value]) => [name, String(value)])),
  });
  const open = sessions.add(session);
  return succeeded({
    token: open.token,
    masterToken: open.masterToken,
    validityInSeconds: TOKEN_SECONDS,
    masterValidityInSeconds: MASTER_TOKEN_SECONDS,
    sessionId: Number(session.id),
    displayUserName: session.user,
    serverVersion: "9.0.0",
    parameters: parameterList(session),
    sessionInfo: {
      databaseName: session.database ?? null,
      schemaName: session.schema ?? null,
      warehouseName: session.warehouse ?? null,
      roleName: session.role,
    },
  });
}

function refuse(error: unknown): Reply {
  if (error instanceof SnowflakeError) {
    return refused(error, { nextAction: "RETRY_LOGIN", authnMethod: "USERNAME_PASSWORD" });
  }
  throw error;
}
