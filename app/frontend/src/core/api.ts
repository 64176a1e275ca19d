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
  if (answer.status === 401 && path !== "/session") goToSignIn();
  const content = await readBody(answer);
  if (!answer.ok) throw new Problem(answer.status, content ?? {});
  return content as T;
}

function headersFor(method: string, request: Request): Headers {
  const headers = new Headers({
    Accept: request.geojson ? "application/geo+json" : "application/json",
    "Accept-Language": language() === "zh" ? "zh-CN" : "en",
  });
  if (request.body !== undefined) headers.set("Content-Type", "application/json");
  if (request.idempotencyKey) headers.set("Idempotency-Key", request.idempotencyKey);
  const token = csrfToken();
  if (method !== "GET" && token) headers.set("X-CSRF-Token", token);
  return headers;
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
