/** Uploads of the caller's bureaus: what was sent, how far it is, what was found. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { byId, h } from "../core/dom";
import { readFilters } from "../core/filters";
import { count, moment } from "../core/format";
import { divisionsNamed } from "../core/names";
import { chip, dotted } from "../core/parts";
import { wireRecords } from "../core/record-list";
import { layerTitle } from "./attributes";
import type { Upload, UploadPage } from "./types";

const PAGE_LENGTH = 30;

type Open = (id: string) => void;

/** Wire filters and the button for more; return a function that lists anew. */
export function wireList(open: Open): () => Promise<void> {
  const form = byId<HTMLFormElement>("filters");
  const list = wireRecords<Upload>({
    place: byId("uploads"),
    more: byId<HTMLButtonElement>("uploads-more"),
    fetch: (after) => fetchPage(readFilters(form), after),
    line: (upload) => line(upload, open),
    empty: "upload.none",
  });
  form.addEventListener("change", () => void list());
  form.addEventListener("submit", (event) => event.preventDefault());
  return list;
}

async function fetchPage(filters: URLSearchParams, after: string | null): Promise<UploadPage> {
  const query = new URLSearchParams(filters);
  query.set("limit", String(PAGE_LENGTH));
  if (after) query.set("after", after);
  return call<UploadPage>(`/uploads?${query}`);
}

function line(upload: Upload, open: Open): HTMLElement {
  const link = h("a", { class: "file-name", href: `?upload=${upload.id}` }, upload.filename);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(upload.id);
  });
  const facts = dotted(
    layerTitle(upload.layer),
    divisionsNamed([upload.division_code]),
    upload.rows === null ? "" : t("upload.rows", { count: count(upload.rows) }),
    moment(upload.received_at),
    upload.actor,
  );
  return h(
    "li",
    {},
    h("div", { class: "upload-line" }, link, stateChip(upload)),
    h("p", { class: "second" }, ...facts),
    faults(upload),
  );
}

/** The state as a word; while a worker is at it, that it works. */
export function stateChip(upload: Upload): HTMLElement {
  if (upload.under_way && upload.under_way !== "examine") {
    return chip("under_way", upload.under_way);
  }
  return chip("upload_state", upload.state);
}

function faults(upload: Upload): HTMLElement | null {
  const told = [
    upload.errors > 0 && chip("severity", "error", count(upload.errors)),
    upload.warnings > 0 && chip("severity", "warning", count(upload.warnings)),
  ].filter(Boolean);
  return told.length > 0 ? h("p", { class: "choices" }, ...told) : null;
}
