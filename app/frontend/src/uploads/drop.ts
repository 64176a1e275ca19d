/** The place where files are dropped or chosen, and what is declared with them. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import type { Declaration } from "./send";
import type { SavedMapping } from "./types";

type Send = (files: readonly File[], declaration: Declaration) => void;

/** Wire the form; a caller who may write no layer has none. */
export function wireDrop(send: Send): void {
  const form = document.getElementById("send");
  if (!form) return;
  const area = byId("drop");
  const input = byId<HTMLInputElement>("send-files");
  input.addEventListener("change", () => {
    send(Array.from(input.files ?? []), readDeclaration(form));
    input.value = "";
  });
  wireDragging(area, (files) => send(files, readDeclaration(form)));
  const layer = byId<HTMLSelectElement>("send-layer");
  layer.addEventListener("change", () => void offerMappings(layer.value));
  void offerMappings(layer.value);
}

function wireDragging(area: HTMLElement, drop: (files: File[]) => void): void {
  const over = (on: boolean): void => void area.classList.toggle("is-over", on);
  // A file dropped beside the area must not replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
  area.addEventListener("dragenter", () => over(true));
  area.addEventListener("dragover", () => over(true));
  area.addEventListener("dragleave", () => over(false));
  area.addEventListener("drop", (event) => {
    over(false);
    drop(Array.from(event.dataTransfer?.files ?? []));
  });
}

function readDeclaration(form: HTMLElement): Declaration {
  const declared: Record<string, string> = {};
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-field]")) {
    const value = field.value.trim();
    if (value) declared[field.dataset["field"]!] = value;
  }
  const repairs = form.querySelectorAll<HTMLInputElement>('input[name="repair"]:checked');
  if (repairs.length > 0) declared["repairs"] = Array.from(repairs, (box) => box.value).join(",");
  return declared;
}

/** Offer the mappings an office has saved for a layer; a failure offers none. */
async function offerMappings(layer: string): Promise<void> {
  const query = new URLSearchParams({ layer });
  const found = await call<{ items: SavedMapping[] }>(`/upload-mappings?${query}`).catch(
    () => ({ items: [] }),
  );
  const options = found.items.map((saved) =>
    h("option", { value: saved.name }, saved.name),
  );
  const none = h("option", { value: "" }, t("upload.no_mapping"));
  fill(byId("send-mapping"), none, ...options);
  byId("send-mapping-field").hidden = options.length === 0;
}
