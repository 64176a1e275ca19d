/** Runs of the caller's divisions, the latest first. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { byId, h } from "../core/dom";
import { count, moment } from "../core/format";
import { divisionsNamed } from "../core/names";
import { chip, dotted } from "../core/parts";
import { wireRecords } from "../core/record-list";
import type { Run, RunPage } from "./types";

const PAGE_LENGTH = 30;

/** Wire the button for more; return a function that lists anew. */
export function wireRunList(open: (id: string) => void): () => Promise<void> {
  return wireRecords<Run>({
    place: byId("runs"),
    more: byId<HTMLButtonElement>("runs-more"),
    fetch: fetchPage,
    line: (run) => line(run, open),
    empty: "screen.none",
  });
}

async function fetchPage(after: string | null): Promise<RunPage> {
  const query = new URLSearchParams({ limit: String(PAGE_LENGTH) });
  if (after) query.set("after", after);
  return call<RunPage>(`/screening/runs?${query}`);
}

function line(run: Run, open: (id: string) => void): HTMLElement {
  const link = h("a", { class: "file-name", href: `?run=${run.id}` }, run.title);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(run.id);
  });
  const facts = dotted(
    divisionsNamed([run.division_code]),
    run.summary && t("screen.rows", { count: count(run.summary.rows) }),
    moment(run.ordered_at),
    run.actor,
  );
  return h(
    "li",
    {},
    h("div", { class: "upload-line" }, link, chip("run_state", run.state)),
    h("p", { class: "second" }, ...facts),
  );
}
