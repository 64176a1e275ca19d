/** Files of the register: sent to a division, fetched by their id. */
import { call, download, goToSignIn, sessionHeaders } from "./api";
import { h, icon } from "./dom";
import { showProblem, whileBusy } from "./feedback";
import { Problem } from "./problem";

/** Send a file to a division; return its id. The same bytes twice are one file. */
export async function sendFile(file: File, division: string): Promise<string> {
  const form = new FormData();
  form.set("division", division);
  form.set("file", file);
  const answer = await fetch("/v1/documents", {
    method: "POST",
    headers: sessionHeaders("POST"),
    credentials: "same-origin",
    body: form,
  });
  if (answer.status === 401) goToSignIn();
  const content = (await answer.json()) as { id: string };
  if (!answer.ok) throw new Problem(answer.status, { ...content });
  return content.id;
}

/** Save a file under the name it was sent with. */
export async function fetchFile(id: string): Promise<void> {
  const about = await call<{ filename: string }>(`/documents/${id}`);
  await download(`/documents/${id}/file`, about.filename);
}

/** A button that saves a file; what goes wrong stands beside it. */
export function fileButton(id: string, text: string): HTMLElement {
  const fault = h("span", {});
  const save = (): Promise<void> => fetchFile(id).catch((error) => showProblem(fault, error));
  const button: HTMLButtonElement = h(
    "button",
    { class: "button", type: "button", onclick: () => void whileBusy(button, save) },
    icon("download"),
    text,
  );
  return h("span", {}, button, fault);
}
