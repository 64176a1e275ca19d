/** Runs of the caller's divisions, the latest first. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { count, moment } from "../core/format";
import { divisionsNamed } from "../core/names";
import { chip, dotted } from "../core/parts";
import type { Run, RunPage } from "./types";

const PAGE_LENGTH = 30;

/** Wire the button for more; return a function that lists anew. */
export function wireRunList(open: (id: string) => void): () => Promise<void> {
  const more = byId<HTMLButtonElement>("runs-more");
  let latest = 0;
  let next: string | null = null;
  const list = async (after: string | null): Promise<void> => {
    const mine = ++latest;
    const place = byId("runs");
    if (!after) fill(place, waiting());
    more.hidden = true;
    try {
      const query = new URLSearchParams({ limit: String(PAGE_LENGTH) });
      if (after) query.set("after", after);
      const page = await call<RunPage>(`/screening/runs?${query}`);
      if (mine !== latest) return;
      const lines = page.items.map((run) => line(run, open));
      if (after) place.querySelector("ul")?.append(...lines);
      else if (lines.length > 0) fill(place, h("ul", { class: "upload-list" }, ...lines));
      else fill(place, h("p", { class: "empty" }, t("screen.none")));
      next = page.next;
      more.hidden = next === null;
    } catch (error) {
      if (mine === latest) showProblem(place, error);
    }
  };
  more.addEventListener("click", () => void list(next));
  return () => list(null);
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
