/** The rows a rate was summed from, each with why it counts or does not. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { areaMu, count } from "../core/format";
import { divisionsNamed } from "../core/names";
import { dashboardTable } from "./table";
import type { Rate, Row } from "./types";

const PAGE_LENGTH = 100;

interface Page {
  items: Row[];
  next: string | null;
}

/** Show the rows of a rate in `place`; `filters` say division and period. */
export async function showRows(
  place: HTMLElement,
  rate: Rate,
  filters: URLSearchParams,
): Promise<void> {
  const body = h("tbody", {});
  const more = h("button", { type: "button", class: "button" }, t("history.more"));
  let after: string | null = null;

  async function load(): Promise<void> {
    const query = new URLSearchParams(filters);
    query.set("limit", String(PAGE_LENGTH));
    if (after) query.set("after", after);
    const page = await call<Page>(`/indicators/${rate.name}/rows?${query}`);
    body.append(...page.items.map((row) => line(row, rate)));
    after = page.next;
    more.hidden = after === null;
  }
  more.addEventListener("click", () => void whileBusy(more, load));
  const title = h("h2", { tabindex: "-1" }, rate.title);
  fill(place, title, waiting());
  try {
    await load();
    fill(place, title, body.childElementCount > 0 ? table(rate, body) : none(), more);
    title.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  } catch (error) {
    showProblem(place, error);
  }
}

function none(): HTMLElement {
  return h("p", { class: "empty" }, t("indicators.no_rows"));
}

function table(rate: Rate, body: HTMLElement): HTMLElement {
  const heads = [
    { title: t("indicators.object") },
    { title: t("indicators.where") },
    { title: t("indicators.size"), figure: true },
    { title: t("indicators.counted"), figure: true },
    { title: t("indicators.result") },
    { title: t("indicators.why") },
    { title: t("indicators.done") },
  ];
  return dashboardTable(rate.title, heads, body);
}

function line(row: Row, rate: Rate): HTMLElement {
  const size = (value: number): string => (rate.unit === "m2" ? areaMu(value) : count(value));
  const done = (row.measures ?? []).map((one) =>
    h("div", {}, [one.measure_text, one.responsible_person, one.evidence].filter(Boolean).join(" · ")),
  );
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, row.problem ?? row.code, row.name && h("div", { class: "second" }, row.name)),
    h("td", {}, divisionsNamed([row.township_code ?? row.division_code])),
    h("td", { class: "figure" }, size(row.total || row.undetermined)),
    h("td", { class: "figure" }, size(row.counted)),
    h("td", {}, row.state_text),
    h("td", { class: "run-why" }, row.why),
    h("td", {}, ...done),
  );
}
