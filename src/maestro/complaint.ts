import { z } from "zod";

/**
 * What the body of an error says, whatever its form.
 * `platform`: one of Maestro's own forms, `detail` or `msg`. `gateway`: the form of the gateway before it. `other`: neither, as HTML
 * or nothing at all.
 */
export interface Complaint {
  readonly source: "platform" | "gateway" | "other";
  readonly exceptionType?: string | undefined;
  /** True for `{"msg": …}`, which on a delete means that a header is missing. */
  readonly isMsg: boolean;
  readonly words: string;
}

const lines = z.union([z.string(), z.array(z.string()).transform((texts) => texts.join("; "))]);

const forms = z.union([
  z
    .object({ detail: z.string() })
    .transform(({ detail }) => complaint({ source: "platform", words: detail })),
  z
    .object({
      detail: z.object({ exception_type: z.string(), traceback: z.string().nullish() }),
    })
    .transform(({ detail }) =>
      complaint({
        source: "platform",
        exceptionType: detail.exception_type,
        words: [detail.exception_type, detail.traceback ?? ""].filter(Boolean).join(": "),
      }),
    ),
  z
    .object({
      detail: z.array(
        z.object({
          loc: z.array(z.union([z.string(), z.number()])).nullish(),
          msg: z.string().nullish(),
        }),
      ),
    })
    .transform(({ detail }) =>
      complaint({
        source: "platform",
        words: detail
          .map(({ loc, msg }) => `${loc?.join(".") ?? "body"}: ${msg ?? "?"}`)
          .join("; "),
      }),
    ),
  z
    .object({ msg: z.string() })
    .transform(({ msg }) => complaint({ source: "platform", isMsg: true, words: msg })),
  z
    .object({
      statusCode: z.number(),
      message: lines.nullish(),
      code: z.string().nullish(),
      details: lines.nullish(),
    })
    .transform(({ message, code, details }) =>
      complaint({
        source: "gateway",
        words: [code, message, details].filter(Boolean).join("; "),
      }),
    ),
  z
    .object({ message: lines })
    .transform(({ message }) => complaint({ source: "other", words: message })),
]);

export function parseComplaint(text: string): Complaint {
  const parsed = forms.safeParse(parseJson(text));
  return parsed.success ? parsed.data : complaint({ source: "other", words: plainWords(text) });
}

/** `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function complaint(said: Partial<Complaint> & Pick<Complaint, "source" | "words">): Complaint {
  return { isMsg: false, ...said };
}

function plainWords(text: string): string {
  // Unknown JSON, whole or cut off, may be an answer of sign-in with a token in it: nothing of it is repeated.
  if (/^\s*["[{]/.test(text)) return "";
  return text.replaceAll(/<(script|style)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
}
