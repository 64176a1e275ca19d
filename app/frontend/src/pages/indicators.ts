/** The dashboard: rates with targets, by township, what is late, what was kept. */
import { call, download, keyPerBody } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h, type Child } from "../core/dom";
import { notify, showProblem, waiting, whileBusy } from "../core/feedback";
import { addressOf, fillFilters, readFilters } from "../core/filters";
import { count, day } from "../core/format";
import { wireMasthead } from "../core/masthead";
import { divisionsNamed } from "../core/names";
import { phrase } from "../core/parts";
import { fallList, placeTable, trendTable } from "../indicators/places";
import { amountLine, rateCard } from "../indicators/rate-card";
import { showRestrictions, wireRestriction } from "../indicators/restrictions";
import { showRows } from "../indicators/rows";
import type { Indicators, Snapshot } from "../indicators/types";
import type { LateCount } from "../tasks/types";

const form = byId<HTMLFormElement>("filters");
const figures = byId("figures");
let latest = 0;

await loadCatalogue();
wireMasthead();
drawIcons();
fillFilters(form, new URLSearchParams(location.search));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void whileBusy(byId("filter-button"), show);
});
for (const kind of ["pdf", "xlsx"]) wireReport(kind);
wireKeep();
wireRestriction(() => void show());
void show();

async function show(): Promise<void> {
  const filters = readFilters(form);
  const mine = ++latest;
  history.replaceState(null, "", addressOf(filters));
  fill(figures, waiting());
  fill(byId("rows"));
  const current = (): boolean => mine === latest;
  void showKept(filters, current);
  void showLate(filters, current);
  void showRestrictions(filters.get("division"), current);
  try {
    const said = await call<Indicators>(`/indicators?${filters}`);
    if (mine === latest) fill(figures, ...parts(said, filters));
  } catch (error) {
    if (mine === latest) showProblem(figures, error);
  }
}

function parts(said: Indicators, filters: URLSearchParams): Child[] {
  const place = divisionsNamed([said.division_code]);
  const cards = said.rates.map((rate) =>
    rateCard(rate, () => void showRows(byId("rows"), rate, filters)),
  );
  return [
    h("p", { class: "second" }, phrase("indicators.as_of", { place, period: said.period, day: day(said.as_of), change: said.change })),
    fallList(said),
    h("div", { class: "rate-grid" }, ...cards),
    h("h2", {}, t("indicators.amounts")),
    h("ul", { class: "card amount-list" }, ...said.amounts.map(amountLine)),
    h("h2", {}, t("indicators.by_place")),
    placeTable(said),
    said.stray_measures.length > 0 &&
      h("p", { class: "hint" }, t("indicators.stray", { count: count(said.stray_measures.length), codes: said.stray_measures.slice(0, 5).join(", ") })),
  ];
}

/** Show what was kept while the filters that ask for it are `current`. */
async function showKept(filters: URLSearchParams, current: () => boolean = () => true): Promise<void> {
  const query = new URLSearchParams({ limit: "24" });
  const division = filters.get("division");
  if (division) query.set("division", division);
  try {
    const { items } = await call<{ items: Snapshot[] }>(`/indicator-snapshots?${query}`);
    if (current()) fill(byId("kept"), items.length > 0 && trendChart(division), trendTable(items, keptReport));
  } catch (error) {
    if (current()) showProblem(byId("kept"), error);
  }
}

/** Draw what was kept; the table below it holds the figures. */
function trendChart(division: string | null): Child {
  const address = (shape: string): string => {
    const query = new URLSearchParams({ shape });
    if (division) query.set("division", division);
    return `/v1/indicator-snapshots/trend?${query}`;
  };
  return h(
    "picture",
    {},
    h("source", { media: "(max-width: 40rem)", srcset: address("narrow") }),
    h("img", { class: "card trend", src: address("wide"), alt: t("indicators.trend_chart") }),
  );
}

function keptReport(one: Snapshot): Child {
  return h(
    "span",
    { class: "button-row" },
    ...["pdf", "xlsx"].map((kind) => {
      const made = h("button", { type: "button", class: "button is-plain", "aria-label": `${one.period} ${kind.toUpperCase()}` }, kind.toUpperCase());
      made.addEventListener("click", () =>
        void whileBusy(made, () => fetchReport(new URLSearchParams({ snapshot: one.id }), kind, one.period)),
      );
      return made;
    }),
  );
}

/** Say what is late by county and bureau; the board of tasks shows which. */
async function showLate(filters: URLSearchParams, current: () => boolean): Promise<void> {
  const query = new URLSearchParams();
  const division = filters.get("division");
  if (division) query.set("division", division);
  try {
    const { items } = await call<{ items: LateCount[] }>(`/tasks/late?${query}`);
    if (!current()) return;
    const lines = items.map((one) =>
      h(
        "li",
        { class: "chip task-late" },
        phrase("tasks.late_count", {
          division: divisionsNamed([one.division_code]),
          bureau: one.bureau_text,
          count: one.late,
          day: day(one.earliest_due_on),
        }),
      ),
    );
    const none = h("p", { class: "hint" }, t("tasks.nothing_late"));
    fill(byId("late"), lines.length > 0 ? h("ul", { class: "late-counts" }, ...lines) : none);
  } catch (error) {
    if (current()) showProblem(byId("late"), error);
  }
}

function wireReport(kind: string): void {
  const button = byId<HTMLButtonElement>(`report-${kind}`);
  button.addEventListener("click", () =>
    void whileBusy(button, () => fetchReport(readFilters(form), kind, periodAsked())),
  );
}

/** The period of the filters; the field offers the one that is meant by none. */
function periodAsked(): string {
  return readFilters(form).get("period") ?? byId<HTMLInputElement>("filter-period").placeholder;
}

async function fetchReport(query: URLSearchParams, kind: string, period: string): Promise<void> {
  query.set("format", kind);
  fill(byId("fault"));
  try {
    await download(`/reports/indicators?${query}`, `jingtu-indicators-${period}.${kind}`);
  } catch (error) {
    showProblem(byId("fault"), error);
  }
}

/** Wire the form that keeps a period for good, for those who may. */
function wireKeep(): void {
  const keep = document.querySelector<HTMLFormElement>("#keep");
  if (!keep) return;
  const key = keyPerBody();
  keep.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(byId("keep-button"), async () => {
      const filters = readFilters(form);
      const body = {
        period: byId<HTMLInputElement>("keep-period").value.trim(),
        division: filters.get("division"),
        reason: byId<HTMLInputElement>("keep-reason").value.trim() || null,
      };
      try {
        await call("/indicator-snapshots", { method: "POST", body, idempotencyKey: key(body) });
        fill(byId("keep-problem"));
        notify(t("indicators.kept", { period: body.period }));
        await showKept(filters);
      } catch (error) {
        showProblem(byId("keep-problem"), error);
      }
    });
  });
}
