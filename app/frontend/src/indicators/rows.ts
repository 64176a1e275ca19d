/** The rows a rate was summed from, each with why it counts or does not. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { areaMu, count } from "../core/format";
import { moreButton, type Page } from "../core/more";
import { divisionsNamed } from "../core/names";
import { dashboardRow, dashboardTable, type Head } from "./table";
import type { Rate, Row } from "./types";

const PAGE_LENGTH = 100;

/** Show the rows of a rate in `place`; `filters` say division and period. */
export async function showRows(
  place: HTMLElement,
  rate: Rate,
  filters: URLSearchParams,
): Promise<void> {
  const body = h("tbody", {});
  const add = (rows: readonly Row[]): void => body.append(...rows.map((row) => line(row, rate)));

  function fetch(after: string | null): Promise<Page<Row>> {
    const query = new URLSearchParams(filters);
    query.set("limit", String(PAGE_LENGTH));
    if (after) query.set("after", after);
    return call<Page<Row>>(`/indicators/${rate.name}/rows?${query}`);
  }

  const title = h("h2", { tabindex: "-1" }, rate.title);
  fill(place, title, waiting());
  try {
    const page = await fetch(null);
    add(page.items);
    const rows = page.items.length > 0 ? dashboardTable(rate.title, headsOf(), body) : none();
    fill(place, title, rows, moreButton(page, fetch, add));
    title.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  } catch (error) {
    showProblem(place, error);
  }
}

function none(): HTMLElement {
  return h("p", { class: "empty" }, t("indicators.no_rows"));
}

function headsOf(): Head[] {
  return [
    { title: t("indicators.object") },
    { title: t("indicators.where") },
    { title: t("indicators.size"), figure: true },
    { title: t("indicators.counted"), figure: true },
    { title: t("indicators.result") },
    { title: t("indicators.why"), long: true },
    { title: t("indicators.done") },
  ];
}

function line(row: Row, rate: Rate): HTMLElement {
  const size = (value: number): string => (rate.unit === "m2" ? areaMu(value) : count(value));
  const done = (row.measures ?? []).map((one) =>
    h("div", {}, [one.measure_text, one.responsible_person, one.evidence].filter(Boolean).join(" · ")),
  );
  return dashboardRow(
    headsOf(),
    [row.problem ?? row.code, row.name && h("div", { class: "second" }, row.name)],
    [
      divisionsNamed([row.township_code ?? row.division_code]),
      size(row.total || row.undetermined),
      size(row.counted),
      row.state_text,
      row.why,
      done.length > 0 ? h("div", {}, ...done) : "–",
    ],
  );
}
