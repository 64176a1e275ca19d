/** What a file changes in the register: sums by fate, object by object, on the map. */
import { call } from "../core/api";
import { t, term, type Key } from "../core/catalogue";
import { fill, h, icon, type Child } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { areaM2, areaMu, count } from "../core/format";
import { moreButton, type Page } from "../core/more";
import { chip, splitCode } from "../core/parts";
import type { Mark, MarkTone } from "../map/marks";
import type { MapView } from "../map/view";
import { attributeTitle } from "./attributes";
import type { Difference, DifferencePage, DiffSummary, Fate, Upload } from "./types";

const PAGE_LENGTH = 100;

const TONES: Record<Fate, MarkTone> = {
  new: "new",
  changed_geometry: "changed",
  changed_attributes: "changed",
  missing: "missing",
  split: "changed",
  merge: "changed",
  renumber: "changed",
  identical: "info",
};
const FATES = Object.keys(TONES) as Fate[];

export class Diff {
  readonly element = h("div", { class: "stack" });
  private readonly sums = h("div", {});
  private readonly list = h("div", { class: "stack-tight", "aria-live": "polite" });
  private marks: Mark[] = [];
  private items = new Map<string, HTMLElement>();
  private fate: Fate | null = null;
  private shown = 0;

  constructor(
    private readonly upload: Upload,
    private readonly map: Promise<MapView | null>,
  ) {
    fill(this.element, this.sums, this.list);
    void this.load();
  }

  /** Put the differences back on the map; another view may have used it. */
  draw(): void {
    void this.map.then((map) => {
      map?.onMark((id) => this.showItem(id));
      map?.onMoved(null);
      map?.showMarks(this.marks, true);
    });
  }

  private async load(): Promise<void> {
    const mine = ++this.shown;
    fill(this.list, waiting());
    try {
      const page = await this.fetchPage();
      if (mine !== this.shown) return;
      this.marks = [];
      this.items = new Map();
      this.showSums(page.summary);
      const list = h("ul", { class: "differences" });
      fill(this.list, list);
      const told = this.told(page);
      this.append(told.items);
      if (list.childElementCount === 0) fill(this.list, this.fate === null && same(page));
      const fetch = async (after: string): Promise<Page<Difference>> =>
        this.told(await this.fetchPage(after));
      const more = moreButton(told, fetch, (items) => this.addPage(mine, items));
      if (more) this.list.append(more);
      this.draw();
    } catch (error) {
      if (mine === this.shown) showProblem(this.list, error);
    }
  }

  /** What of a page is listed: what is the same only when it is asked for; it ends the list. */
  private told(page: DifferencePage): Page<Difference> {
    const items = page.items.filter((one) => one.fate !== "identical" || this.fate !== null);
    return { items, next: items.length === page.items.length ? page.next : null };
  }

  /** Show more of what was listed; nothing where something else is listed by now. */
  private addPage(mine: number, items: readonly Difference[]): void {
    if (mine !== this.shown) return;
    this.append(items);
    void this.map.then((map) => map?.showMarks(this.marks));
  }

  private async fetchPage(after: string | null = null): Promise<DifferencePage> {
    const query = new URLSearchParams({ limit: String(PAGE_LENGTH) });
    if (this.fate) query.set("fate", this.fate);
    if (after) query.set("after", after);
    return call<DifferencePage>(`/uploads/${this.upload.id}/diff?${query}`);
  }

  private showSums(summary: DiffSummary | null): void {
    const found = FATES.filter((fate) => summary?.areas[fate]);
    if (!summary || found.length === 0) {
      fill(this.sums, h("p", { class: "notice-box" }, t("diff.nothing")));
      return;
    }
    const heads: Key[] = ["diff.fate", "diff.count", "diff.before", "diff.after"];
    fill(
      this.sums,
      h(
        "table",
        { class: "table sums card" },
        h("caption", { class: "spoken" }, t("diff.title")),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...heads.map((key, place) =>
              h("th", { scope: "col", class: place > 0 ? "figure" : null }, t(key)),
            ),
          ),
        ),
        h("tbody", {}, ...found.map((fate) => this.sumRow(fate, summary))),
      ),
      summary.later > 0 &&
        h("p", { class: "second" }, t("diff.later", { count: count(summary.later) })),
    );
  }

  private sumRow(fate: Fate, summary: DiffSummary): HTMLElement {
    const sum = summary.areas[fate]!;
    const pressed = this.fate === fate;
    const button = h(
      "button",
      { type: "button", class: "choice-button", "aria-pressed": String(pressed), "data-tone": TONES[fate] },
      term("fate", fate),
    );
    button.addEventListener("click", () => {
      this.fate = pressed ? null : fate;
      void this.load();
    });
    const area = (m2: number): Child => (m2 > 0 ? areas(m2) : "–");
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, button),
      h("td", { class: "figure" }, count(sum.count)),
      h("td", { class: "figure" }, area(sum.area_before_m2)),
      h("td", { class: "figure" }, area(sum.area_after_m2)),
    );
  }

  private append(told: readonly Difference[]): void {
    const place = this.list.querySelector("ul");
    for (const one of told) {
      const id = `${one.fate}/${one.row ?? ""}/${one.code}/${one.predecessor_code ?? ""}`;
      const line = this.line(one, id);
      this.items.set(id, line);
      place?.append(line);
      this.marks.push(...marksOf(one, id));
    }
  }

  private line(one: Difference, id: string): HTMLElement {
    return h(
      "li",
      { "data-tone": TONES[one.fate], tabindex: "-1" },
      h(
        "div",
        { class: "difference-head" },
        h("span", { class: "difference-code" }, splitCode(one.code)),
        chip("fate", one.fate),
        this.pin(one, id),
      ),
      h("p", { class: "second" }, ...factsOf(one)),
      changesOf(one),
    );
  }

  private pin(one: Difference, id: string): Child {
    const shape = one.geometry ?? one.geometry_before;
    if (!shape) return null;
    const name = t("finding.locate", { name: one.code });
    const button = h(
      "button",
      { type: "button", class: "pin", title: name, "aria-label": name },
      icon("pin"),
    );
    button.addEventListener("click", () => {
      const shapes = [one.geometry, one.geometry_before].filter((part) => part !== null);
      void this.map.then((map) => {
        map?.pointMark(id);
        map?.flyTo(...shapes);
      });
      document.getElementById("map")?.scrollIntoView({ block: "nearest" });
    });
    return button;
  }

  /** An object was clicked on the map: show its line. */
  private showItem(id: string): void {
    const line = this.items.get(id);
    line?.scrollIntoView({ block: "center" });
    line?.focus();
    void this.map.then((map) => map?.pointMark(id));
  }
}

/** Nothing differs: say so, rather than show an empty place. */
function same(page: DifferencePage): Child {
  return page.items.length > 0 && h("p", { class: "notice-box" }, t("diff.same"));
}

/** What was, in grey below; what is to be, in the colour of its fate. */
function marksOf(one: Difference, id: string): Mark[] {
  const marks: Mark[] = [];
  if (one.geometry_before && one.fate !== "changed_attributes") {
    const tone = one.fate === "missing" ? "missing" : "before";
    marks.push({ id, tone, geometry: one.geometry_before });
  }
  if (one.geometry && one.fate !== "identical") {
    marks.push({ id, tone: TONES[one.fate], geometry: one.geometry });
  }
  return marks;
}

function areas(m2: number): HTMLElement {
  return h("span", {}, areaM2(m2), h("span", { class: "item-code" }, areaMu(m2)));
}

function factsOf(one: Difference): Child[] {
  const { area_before_m2: before, area_after_m2: after } = one;
  const parts: string[] = [];
  if (one.row !== null) parts.push(t("report.row", { row: one.row }));
  if (one.predecessor_code) {
    parts.push(t("diff.predecessor", { code: one.predecessor_code }));
  }
  if (before !== null && after !== null && before !== after) {
    parts.push(`${areaM2(before)} → ${areaM2(after)}`);
  } else if (after !== null || before !== null) {
    parts.push(areaM2((after ?? before)!));
  }
  return [parts.join(" · ")];
}

/** Attributes that differ, before and after. */
function changesOf(one: Difference): Child {
  if (one.changed.length === 0) return null;
  const rows = one.changed.map((name) =>
    h(
      "div",
      {},
      h("dt", {}, attributeTitle(name)),
      h("dd", {}, h("del", {}, valueText(one.before?.[name])), " → ", h("ins", {}, valueText(one.after?.[name]))),
    ),
  );
  return h("dl", { class: "attribute-changes" }, ...rows);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(String).join(t("format.list_separator"));
  if (typeof value === "boolean") return value ? t("ask.yes") : t("ask.no");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
