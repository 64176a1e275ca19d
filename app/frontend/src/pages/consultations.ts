/** The inbox of consultations: what waits for a department's opinion, the first due first. */
import { call } from "../core/api";
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { wireList, type ListPage } from "../core/list-page";
import { wireMasthead } from "../core/masthead";
import { inbox, inboxRow, type Asked } from "../query/inbox";
import type { DecisionSummary } from "../query/types";
import type { Task } from "../tasks/types";

const PAGE_LENGTH = 50;
const STATES: Record<string, string[]> = {
  "": ["open", "in_progress"],
  answered: ["done_awaiting_check", "struck_off"],
  all: [],
};

await loadCatalogue();
wireMasthead();
drawIcons();
const own = byId("content").dataset["own"] ?? "";
wireList<Asked>({
  place: byId("inbox"),
  more: byId("inbox-more"),
  row: inboxRow,
  show: inbox,
  async fetch(filters, after) {
    const query = new URLSearchParams({ kind: "consultation", limit: String(PAGE_LENGTH) });
    const bureau = filters.get("bureau") ?? own;
    if (bureau) query.set("bureau", bureau);
    for (const state of STATES[filters.get("state") ?? ""] ?? []) query.append("state", state);
    if (after) query.set("after", after);
    const page = await call<ListPage<Task>>(`/tasks?${query}`);
    return { items: await withDecisions(page.items), next: page.next };
  },
});

/** Put each task beside the decision it asks about. */
async function withDecisions(tasks: readonly Task[]): Promise<Asked[]> {
  const ids = new Set(tasks.flatMap((task) => task.decision_id ?? []));
  if (ids.size === 0) return [];
  const query = new URLSearchParams({ limit: String(PAGE_LENGTH) });
  for (const id of ids) query.append("id", id);
  const page = await call<ListPage<DecisionSummary>>(`/gate/decisions?${query}`);
  const found = new Map(page.items.map((one) => [one.id, one]));
  return tasks.flatMap((task) => {
    const decision = found.get(task.decision_id ?? "");
    return decision ? [{ task, decision }] : [];
  });
}
