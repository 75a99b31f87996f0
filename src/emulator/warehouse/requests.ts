import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";

/** A request's JSON, gzipped (Python's connector) or plain; an empty object where there is none. */
export async function readBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const raw = Buffer.concat(chunks);
  const isZipped = request.headers["content-encoding"] === "gzip";
  const text = (isZipped ? gunzipSync(raw) : raw).toString();
  const parsed: unknown = text === "" ? {} : JSON.parse(text);
  return isObject(parsed) ? parsed : {};
}

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A part of a body: an object, empty where it is something else. */
export function part(body: Json, name: string): Json {
  const value = body[name];
  return isObject(value) ? value : {};
}

/** A text of a body, empty where there is none. */
export function text(body: Json, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

export function isSet(body: Json, name: string): boolean {
  return body[name] === true;
}

/** `Authorization: Snowflake Token="…"` */
export function tokenOf(request: IncomingMessage): string {
  return /Token="([^"]*)"/.exec(request.headers.authorization ?? "")?.[1] ?? "";
}
