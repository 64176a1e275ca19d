/** Send one file: told how far it came, stopped and sent again where it broke off. */
import { goToSignIn, sessionHeaders } from "../core/api";
import { Problem } from "../core/problem";
import type { Upload } from "./types";

/** What is declared with a file; fields left open are left out. */
export type Declaration = Readonly<Record<string, string>>;

export interface Sending {
  done: Promise<Upload>;
  stop(): void;
}

/** The person stopped it: nothing is wrong. */
export class Stopped extends Error {}

/**
 * Send a file to `POST /v1/uploads`; `progress` gets the share that has left, 0 to 1.
 * `fetch` tells nothing of what was sent, so the older way is used.
 */
export function sendFile(
  file: File,
  declaration: Declaration,
  progress: (share: number) => void,
): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<Upload>((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => settle(request, resolve, reject));
    // As `fetch` tells it, so that one place words it.
    request.addEventListener("error", () => reject(new TypeError("no answer")));
    request.addEventListener("abort", () => reject(new Stopped()));
  });
  request.open("POST", "/v1/uploads");
  for (const [name, value] of sessionHeaders("POST")) request.setRequestHeader(name, value);
  request.send(formOf(file, declaration));
  return { done, stop: () => request.abort() };
}

/** The declaration goes first: it is refused before the file has travelled. */
function formOf(file: File, declaration: Declaration): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(declaration)) form.append(name, value);
  form.append("file", file, file.name);
  return form;
}

function settle(
  request: XMLHttpRequest,
  resolve: (upload: Upload) => void,
  reject: (reason: Error) => void,
): void {
  if (request.status === 401) goToSignIn();
  const body = parse(request.responseText);
  if (request.status >= 400) reject(new Problem(request.status, body));
  else resolve(body as unknown as Upload);
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}
