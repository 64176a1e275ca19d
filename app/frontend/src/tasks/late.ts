/** What is late: a row a county, a column a bureau; each count leads to its tasks. */
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { count, day, raised } from "../core/format";
import { divisionsNamed } from "../core/names";
import { cell } from "../core/parts";
import type { LateCount } from "./types";

export function lateCard(counts: readonly LateCount[]): HTMLElement {
  return h(
    "div",
    { class: "stack-tight" },
    h("p", { class: "hint" }, t("tasks.late_summary")),
    lateTable(counts),
  );
}

function lateTable(counts: readonly LateCount[]): HTMLElement {
  const bureaus = new Map(counts.map((one) => [one.bureau, raised(one.bureau_text)]));
  const counties = [...new Set(counts.map((one) => one.division_code))].sort();
  const columns = [...bureaus].map(([, name]) => head(name));
  const total = bureaus.size > 1;
  return h(
    "table",
    { class: "table records card late" },
    h("caption", { class: "spoken" }, t("tasks.late_summary")),
    h(
      "thead",
      {},
      h("tr", {}, head(t("tasks.division")), ...columns, total && head(t("tasks.late_all"))),
    ),
    h(
      "tbody",
      {},
      ...counties.map((county) => {
        const own = counts.filter((one) => one.division_code === county);
        const cells = [...bureaus].map(([code, name]) => {
          const found = own.find((one) => one.bureau === code);
          return cell(name, found ? lateCell(found) : "–");
        });
        const all = own.reduce((sum, one) => sum + one.late, 0);
        const sum = cell(t("tasks.late_all"), count(all));
        return h("tr", {}, h("th", { scope: "row" }, divisionsNamed([county])), ...cells, total && sum);
      }),
    ),
  );
}

function head(text: string): HTMLElement {
  return h("th", { scope: "col" }, text);
}

function lateCell(one: LateCount): HTMLElement {
  const wanted = new URLSearchParams({
    bureau: one.bureau,
    late: "true",
    division: one.division_code,
  });
  const spoken = t("tasks.late_show", {
    division: one.division_code,
    bureau: one.bureau_text,
    count: one.late,
  });
  const since = t("tasks.late_since", { day: day(one.earliest_due_on) });
  return h(
    "span",
    {},
    h("a", { class: "late-number", href: `/tasks?${wanted}`, "aria-label": spoken }, count(one.late)),
    " ",
    h("span", { class: "second" }, since),
  );
}
