/** The history page: decisions of the caller's divisions, the latest first. */
import { call } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, h } from "../core/dom";
import { wireList, type ListPage } from "../core/list-page";
import { wireMasthead } from "../core/masthead";
import { phrase } from "../core/parts";
import { decisionRow, decisionTable } from "../query/decision-list";
import type { DecisionSummary } from "../query/types";

const PAGE_LENGTH = 50;

await loadCatalogue();
wireMasthead();
drawIcons();
wireList<DecisionSummary>({
  place: byId("history"),
  more: byId("history-more"),
  row: decisionRow,
  show(items, filters) {
    if (items.length > 0) return decisionTable(items);
    if (filters.toString()) return h("p", { class: "empty" }, t("history.none"));
    const way = h("a", { href: "/" }, t("nav.query"));
    return h("p", { class: "empty" }, phrase("history.none_yet", { way }));
  },
  fetch(filters, after) {
    const query = new URLSearchParams(filters);
    query.set("limit", String(PAGE_LENGTH));
    if (after) query.set("after", after);
    return call<ListPage<DecisionSummary>>(`/gate/decisions?${query}`);
  },
});
