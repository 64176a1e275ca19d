/** Rows of a run as a table with why each is there; a row and its mark point to each other. */
import { call } from "../core/api";
import { t, word } from "../core/catalogue";
import { fill, h, type Child } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { count, day, raised, share } from "../core/format";
import { divisionsNamed } from "../core/names";
import type { MapView } from "../map/view";
import type { Mark, MarkTone } from "../map/marks";
import { Confirmation } from "./confirmation";
import type { Column, ResultPage, ResultRow, Run } from "./types";

const PAGE_LENGTH = 100;
const LONG_TEXT = 60;
const DIVISION = "farmland_categories";
/** Group of the codes that the register names, not the catalogue. */
const DIVISION_CODES = "division";
/** Pieces of a division the map fetches at once, and how often. */
const PIECES_AT_ONCE = 1000;
const MOST_PAGES = 5;
/** A reason of more characters than this gets a wider column, so that its row stays low. */
const VERY_LONG_TEXT = 240;

export class ResultTable {
  readonly element = h("section", { class: "stack-tight" });
  private readonly body = h("tbody", {});
  private readonly more = h("button", { type: "button", class: "button" }, t("screen.more"));
  /** Why no more rows could be shown. */
  private readonly fault = h("div", {});
  private readonly rows: ResultRow[] = [];
  private readonly marks = new Map<string, Mark>();
  private next: number | null = 0;
  private columns: Column[] = [];
  private readonly confirmation: Confirmation | null;

  constructor(
    private readonly run: Run,
    private readonly map: Promise<MapView | null>,
    mayOrder: boolean,
  ) {
    this.confirmation = mayOrder && run.kind === "cross_screening" ? new Confirmation(run) : null;
    fill(this.element, waiting());
    this.more.addEventListener("click", () => void whileBusy(this.more, () => this.load()));
    void this.load();
    void map.then((opened) => opened?.onMark((id) => this.point(id, true)));
  }

  private async load(): Promise<void> {
    try {
      const query = `limit=${PAGE_LENGTH}&after=${this.next ?? 0}`;
      const page = await call<ResultPage>(`/screening/runs/${this.run.id}/results?${query}`);
      const first = this.rows.length === 0;
      this.rows.push(...page.items);
      this.next = page.next;
      if (first) this.start(page);
      this.body.append(...page.items.map((row) => this.line(row)));
      this.more.hidden = page.next === null;
      const opened = await this.map;
      this.mark(page.items);
      opened?.showMarks([...this.marks.values()], first && this.run.kind !== "surface");
      if (first && this.run.kind === DIVISION) await this.drawWhole(page.next);
      fill(this.fault);
    } catch (error) {
      showProblem(this.rows.length > 0 ? this.fault : this.element, error);
    }
  }

  private mark(rows: readonly ResultRow[]): void {
    for (const one of rows.flatMap((row) => markOf(row, this.run.kind))) this.marks.set(one.id, one);
  }

  /** Draw the pieces of a division that the table does not show yet. */
  private async drawWhole(next: number | null): Promise<void> {
    for (let after = next, pages = 0; after !== null && pages < MOST_PAGES; pages += 1) {
      const query = `limit=${PIECES_AT_ONCE}&after=${after}`;
      const page = await call<ResultPage>(`/screening/runs/${this.run.id}/results?${query}`);
      const pieces = page.items.filter((row) => row.values["record"] === "unit");
      this.mark(pieces);
      after = pieces.length < page.items.length ? null : page.next;
    }
    const opened = await this.map;
    if (this.element.isConnected) opened?.showMarks([...this.marks.values()], true);
  }

  private start(page: ResultPage): void {
    if (page.items.length === 0) {
      fill(this.element, h("p", { class: "empty" }, t("screen.no_rows")));
      return;
    }
    // A column that says nothing in the first page takes no room.
    this.columns = page.columns.filter((column) =>
      page.items.some((row) => !isNothing(row.values[column.name])),
    );
    const heads = [t("screen.number"), ...this.columns.map(headOf), t("screen.why")];
    const table = h(
      "table",
      { class: "table card run-table" },
      h("caption", { class: "spoken" }, this.run.title),
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      this.body,
    );
    fill(
      this.element,
      this.confirmation?.element,
      h("div", { class: "run-scroll", role: "region", "aria-label": this.run.title, tabindex: "0" }, table),
      this.more,
      this.fault,
    );
  }

  private line(row: ResultRow): HTMLElement {
    const cells = this.columns.map((column) => cellOf(column, row.values[column.name]));
    const line = h(
      "tr",
      { "data-row": row.number },
      h("th", { scope: "row" }, numberButton(row.number), this.confirmation?.boxFor(row)),
      ...cells,
      textCell(t("screen.why"), row.why),
    );
    line.addEventListener("click", () => this.point(String(row.number), false));
    return line;
  }

  private point(id: string, scroll: boolean): void {
    for (const line of this.body.querySelectorAll("tr")) {
      const chosen = line.dataset["row"] === id;
      line.classList.toggle("is-chosen", chosen);
      if (chosen && scroll) line.scrollIntoView({ block: "center" });
    }
    const shape = this.rows.find((row) => String(row.number) === id)?.geometry;
    void this.map.then((opened) => {
      opened?.pointMark(id);
      if (shape && !scroll) opened?.flyTo(shape);
    });
  }
}

/** Cells of a surface are no marks: `surfaceView` draws them as one picture. */
function markOf(row: ResultRow, kind: string): Mark[] {
  const { geometry, values } = row;
  if (!geometry || (kind === "surface" && values["row"] === "cell")) return [];
  const id = String(row.number);
  // A point of a surface; a plot that no decision is about.
  if (kind === "surface" || values["decision"] === 0) return [{ id, tone: "info", geometry }];
  if (kind === DIVISION) {
    const piece = values["record"] === "unit";
    const tone = String(values[piece ? "category" : "severity"]) as MarkTone;
    return [piece ? { id, tone, geometry, moved: values["changed"] === true } : { id, tone, geometry }];
  }
  const doubtful = row.values["ring"] === "cannot_be_placed" || row.values["hint"] === true || row.values["outcome"] === "unknown" || row.values["status"] === "unknown";
  return [{ id, tone: doubtful ? "warning" : "error", geometry }];
}

/** For hands without a mouse: what a press on the row does bubbles up from here. */
function numberButton(number: number): HTMLElement {
  const said = t("screen.show_row", { number });
  return h("button", { type: "button", class: "row-number", "aria-label": said }, number);
}

function headOf(column: Column): string {
  const unit = { m: " (m)", m2: " (m²)", share: "", "": "" }[column.unit];
  return column.title + unit;
}

/** A long text runs over lines; figures stand to the right. */
function cellOf(column: Column, value: string | number | boolean | null | undefined): HTMLElement {
  const shown = show(column, value);
  const head = headOf(column);
  if (typeof shown === "string" && shown.length > LONG_TEXT) return textCell(head, shown);
  const kind = isNothing(value) ? "is-nothing" : isNumber(column) ? "figure" : "";
  return h("td", { class: kind, "data-head": head }, shown);
}

/** Some lines of a text; the row that is chosen shows all of them. */
function textCell(head: string, text: string): HTMLElement {
  const width = text.length > VERY_LONG_TEXT ? "run-why is-long" : "run-why";
  return h("td", { class: width, "data-head": head }, h("div", { class: "reason" }, text));
}

function isNumber(column: Column): boolean {
  return column.type === "number" || column.type === "integer";
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

function show(column: Column, value: string | number | boolean | null | undefined): Child {
  if (isNothing(value)) return "–";
  if (typeof value === "boolean") return value ? t("screen.yes") : t("screen.no");
  if (typeof value === "number") {
    if (column.unit === "share") return share(value);
    return column.type === "integer" ? count(value) : value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
  }
  if (column.type === "date") return day(value as string);
  if (column.words === DIVISION_CODES) return divisionsNamed((value as string).split("; "));
  return column.words ? raised(inWords(column.words, value as string)) : (value as string);
}

/** Coded values in words: several with `; ` between; what follows a code stays behind it. */
function inWords(group: string, value: string): string {
  return value
    .split("; ")
    .map((one) => one.replace(/^\S+/, (code) => word(group, code)))
    .join("; ");
}
