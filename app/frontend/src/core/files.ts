/** Files of the register: sent to a division, fetched by their id. */
import { call, download, refuse, sessionHeaders } from "./api";
import { fill, h, icon } from "./dom";
import { showProblem, whileBusy } from "./feedback";

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
  if (!answer.ok) await refuse(answer);
  return ((await answer.json()) as { id: string }).id;
}

/** Save a file under the name it was sent with. */
async function fetchFile(id: string): Promise<void> {
  const about = await call<{ filename: string }>(`/documents/${id}`);
  await download(`/documents/${id}/file`, about.filename);
}

/** A button that saves a file; what goes wrong stands beside it. */
export function saveButton(text: string, save: () => Promise<void>, look = "button"): HTMLElement {
  const fault = h("span", {});
  const button = h("button", { class: look, type: "button" }, icon("download"), text);
  button.addEventListener("click", () =>
    void whileBusy(button, async () => {
      fill(fault);
      await save().catch((error) => showProblem(fault, error));
    }),
  );
  return h("span", {}, button, fault);
}

/** A button that saves a file of the register. */
export function fileButton(id: string, text: string, look?: string): HTMLElement {
  return saveButton(text, () => fetchFile(id), look);
}
