/** Calls to the service under `/v1`, in the page's language, under its session. */
import { language } from "./catalogue";
import { Problem } from "./problem";

interface Request {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  idempotencyKey?: string;
  /** Ask for GeoJSON, where the service has both. */
  geojson?: boolean;
  signal?: AbortSignal;
}

/**
 * Call the service and return its JSON, `null` for an empty answer.
 * Throws `Problem` for every status from 400 on. An ended session goes to sign-in.
 */
export async function call<T>(path: string, request: Request = {}): Promise<T> {
  const method = request.method ?? "GET";
  const answer = await fetch(`/v1${path}`, {
    method,
    headers: headersFor(method, request),
    credentials: "same-origin",
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal ? { signal: request.signal } : {}),
  });
  if (!answer.ok) await refuse(answer, path !== "/session");
  return (await readBody(answer)) as T;
}

/**
 * Throw what the service says against a request, whoever answers in its place included.
 * An ended session goes to sign-in, but not from the sign-in page.
 */
export async function refuse(answer: Response, signsIn = true): Promise<never> {
  if (answer.status === 401 && signsIn) goToSignIn();
  throw new Problem(answer.status, (await readBody(answer)) ?? {});
}

function headersFor(method: string, request: Request): Headers {
  const headers = sessionHeaders(method);
  if (request.geojson) headers.set("Accept", "application/geo+json");
  if (request.body !== undefined) headers.set("Content-Type", "application/json");
  if (request.idempotencyKey) headers.set("Idempotency-Key", request.idempotencyKey);
  return headers;
}

/** Headers of every call: the page's language and, for a write, the session's token. */
export function sessionHeaders(method: string): Headers {
  const headers = new Headers({
    Accept: "application/json",
    "Accept-Language": language() === "zh" ? "zh-CN" : "en",
  });
  const token = csrfToken();
  if (method !== "GET" && token) headers.set("X-CSRF-Token", token);
  return headers;
}

/** Fetch a file of the service in the page's language and hand it to the browser. */
export async function download(path: string, filename: string): Promise<void> {
  const headers = sessionHeaders("GET");
  headers.set("Accept", "*/*");
  const answer = await fetch(`/v1${path}`, { headers, credentials: "same-origin" });
  if (!answer.ok) await refuse(answer);
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  // The browser takes the file over while the link is followed.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function csrfToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  return meta?.content ?? "";
}

async function readBody(answer: Response): Promise<Record<string, unknown> | null> {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!/\bjson\b/.test(type)) return null;
  return (await answer.json()) as Record<string, unknown>;
}

/** Go to the sign-in page and come back here afterwards. */
export function goToSignIn(): void {
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}

/**
 * Return a fresh key for one write: 128 random bits, hexadecimal.
 * (`crypto.randomUUID` is missing on plain http, which offices do use.)
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A key for each different body: the same one is sent again under the same key. */
export function keyPerBody(): (body: unknown) => string {
  let last = { text: "", key: "" };
  return (body) => {
    const text = JSON.stringify(body);
    if (last.text !== text) last = { text, key: newIdempotencyKey() };
    return last.key;
  };
}
