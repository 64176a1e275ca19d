/** The report: every fault of a file, counted by kind, listed, and on the map. */
import { call, download } from "../core/api";
import { t, term, type Key } from "../core/catalogue";
import { fill, h, icon, type Child } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { saveButton } from "../core/files";
import { count } from "../core/format";
import { moreButton } from "../core/more";
import { chip } from "../core/parts";
import type { Mark } from "../map/marks";
import type { MapView } from "../map/view";
import { FileRows } from "./file-rows";
import type { Issue, IssueCount, IssuePage, Severity, Upload } from "./types";

const PAGE_LENGTH = 200;
const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** What is shown: all, one severity, or one kind. */
interface Filter {
  severity: Severity | null;
  kind: string | null;
}

export class Report {
  readonly element = h("div", { class: "stack" });
  private readonly kinds = h("div", { class: "stack-tight" });
  private readonly list = h("div", { class: "stack-tight", "aria-live": "polite" });
  private filter: Filter = { severity: null, kind: null };
  private marks: Mark[] = [];
  private rows = new Map<string, HTMLElement>();
  private issues = new Map<string, Issue>();
  private shown = 0;
  private readonly fileRows: FileRows;

  constructor(
    private readonly upload: Upload,
    private readonly map: Promise<MapView | null>,
  ) {
    this.fileRows = new FileRows(upload, map);
    fill(this.element, this.kinds, this.list);
    this.showKinds();
    void this.load();
  }

  /** Put this report's faults back on the map; another view may have used it. */
  draw(): void {
    void this.map.then((map) => {
      map?.onMark((id) => this.showRow(id));
      map?.showMarks(this.marks, true);
    });
    this.fileRows.start();
  }

  private showKinds(): void {
    const counts = this.upload.issue_kinds;
    if (counts.length === 0) {
      fill(this.kinds, h("p", { class: "notice-box", "data-tone": "allow" }, t("report.none")));
      return;
    }
    fill(
      this.kinds,
      h("div", { class: "choices" }, ...this.severityButtons(counts)),
      h("ul", { class: "kinds" }, ...inOrder(counts).map((one) => h("li", {}, this.kindButton(one)))),
      this.downloads(),
    );
  }

  private severityButtons(counts: readonly IssueCount[]): HTMLElement[] {
    const sum = (severity: Severity | null): number =>
      counts
        .filter((one) => severity === null || one.severity === severity)
        .reduce((total, one) => total + one.count, 0);
    const choices: (Severity | null)[] = [null, ...SEVERITIES.filter((one) => sum(one) > 0)];
    return choices.map((severity) => {
      const name = severity ? term("severity", severity) : t("report.all");
      const { filter } = this;
      const pressed = filter.kind === null && filter.severity === severity;
      return this.choice(`${name} ${count(sum(severity))}`, pressed, severity, {
        severity,
        kind: null,
      });
    });
  }

  private choice(
    name: string,
    pressed: boolean,
    tone: string | null,
    filter: Filter,
  ): HTMLElement {
    const button = h(
      "button",
      { type: "button", class: "choice-button", "aria-pressed": String(pressed), "data-tone": tone },
      name,
    );
    button.addEventListener("click", () => this.choose(filter));
    return button;
  }

  private kindButton({ kind, severity, count: number }: IssueCount): HTMLElement {
    const pressed = this.filter.kind === kind;
    const button = h(
      "button",
      { type: "button", class: "kind", "aria-pressed": String(pressed), "data-tone": severity },
      chip("severity", severity),
      h("span", { class: "kind-name" }, term("issue", kind)),
      h("span", { class: "kind-count" }, count(number)),
    );
    const filter = { severity: null, kind: pressed ? null : kind };
    button.addEventListener("click", () => this.choose(filter));
    return button;
  }

  private downloads(): HTMLElement {
    const formats: [string, string][] = [
      ["csv", "CSV"],
      ["geojson", "GeoJSON"],
      ["gpkg", "GeoPackage"],
    ];
    const { id, filename } = this.upload;
    const stem = t("report.file", { name: filename.replace(/\.[^.]*$/, "") });
    const buttons = formats.map(([format, name]) =>
      saveButton(name, () => download(`/uploads/${id}/issues?format=${format}`, `${stem}.${format}`), "button is-plain"),
    );
    return h("div", { class: "find-more" }, h("span", {}, t("report.download")), ...buttons);
  }

  private choose(filter: Filter): void {
    this.filter = filter;
    this.showKinds();
    void this.load();
    this.kinds.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  private async load(): Promise<void> {
    if (this.upload.issue_kinds.length === 0) {
      this.draw();
      return;
    }
    const mine = ++this.shown;
    fill(this.list, waiting());
    try {
      const page = await this.fetchPage();
      if (mine !== this.shown) return;
      this.marks = [];
      this.rows = new Map();
      this.issues = new Map();
      fill(this.list, issueTable());
      this.append(page.items);
      const fetch = (after: string): Promise<IssuePage> => this.fetchPage(after);
      const more = moreButton(page, fetch, (issues) => this.addPage(mine, issues));
      if (more) this.list.append(more);
      this.draw();
    } catch (error) {
      if (mine === this.shown) showProblem(this.list, error);
    }
  }

  /** Show more of what was listed; nothing where something else is listed by now. */
  private addPage(mine: number, issues: readonly Issue[]): void {
    if (mine !== this.shown) return;
    this.append(issues);
    void this.map.then((map) => map?.showMarks(this.marks));
  }

  private async fetchPage(after: string | null = null): Promise<IssuePage> {
    const query = new URLSearchParams({ limit: String(PAGE_LENGTH) });
    if (this.filter.kind) query.set("kind", this.filter.kind);
    if (this.filter.severity) query.set("severity", this.filter.severity);
    if (after) query.set("after", after);
    return call<IssuePage>(`/uploads/${this.upload.id}/issues?${query}`);
  }

  private append(issues: readonly Issue[]): void {
    const body = this.list.querySelector("tbody");
    for (const issue of issues) {
      const row = this.row(issue);
      body?.append(row);
      const id = String(issue.number);
      this.rows.set(id, row);
      this.issues.set(id, issue);
      if (issue.geometry) {
        this.marks.push({ id, tone: issue.severity, geometry: issue.geometry });
      }
    }
  }

  private row(issue: Issue): HTMLElement {
    const row = h(
      "tr",
      { "data-tone": issue.severity, tabindex: "-1" },
      h("td", { class: "issue-row" }, ...rowNumbers(issue)),
      h("td", { class: "issue-text" }, h("p", {}, issue.message), h("p", { class: "second" }, issue.advice)),
      h("td", { class: "issue-pin" }, this.pin(issue)),
    );
    return row;
  }

  private pin(issue: Issue): Child {
    if (!issue.geometry) return null;
    const where = issue.row === null ? t("report.whole_file") : t("report.row", { row: issue.row });
    const name = t("finding.locate", { name: where });
    const button = h(
      "button",
      { type: "button", class: "pin", title: name, "aria-label": name },
      icon("pin"),
    );
    button.addEventListener("click", () => this.fly(issue));
    return button;
  }

  private fly(issue: Issue): void {
    const { geometry } = issue;
    if (!geometry) return;
    this.markRow(String(issue.number));
    this.tellRows(issue);
    void this.map.then((map) => {
      map?.pointMark(String(issue.number));
      map?.flyNear(geometry);
    });
    document.getElementById("map")?.scrollIntoView({ block: "nearest" });
  }

  /** A fault was clicked on the map: show its line. */
  private showRow(id: string): void {
    const row = this.rows.get(id);
    row?.scrollIntoView({ block: "center" });
    row?.focus();
    this.markRow(id);
    const issue = this.issues.get(id);
    if (issue) this.tellRows(issue);
    void this.map.then((map) => map?.pointMark(id));
  }

  /** Emphasise the rows of a fault; what is to be said of them stands in its line. */
  private tellRows(issue: Issue): void {
    this.fileRows.point(issue);
    const line = this.rows.get(String(issue.number));
    line?.querySelector(".issue-text")?.append(this.fileRows.note);
  }

  /** The line of the fault that the map shows. */
  private markRow(id: string): void {
    for (const [other, row] of this.rows) {
      if (other === id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}

/** The row a fault is told with, and beneath it the other one it speaks of. */
function rowNumbers(issue: Issue): Child[] {
  if (issue.row === null) return [t("report.whole_file")];
  if (issue.other_row === null) return [count(issue.row)];
  const other = t("report.other_row", { row: count(issue.other_row) });
  return [count(issue.row), h("p", { class: "second" }, other)];
}

function inOrder(counts: readonly IssueCount[]): IssueCount[] {
  const rank = (one: IssueCount): number => SEVERITIES.indexOf(one.severity);
  return [...counts].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

function issueTable(): HTMLElement {
  const heads: Key[] = ["report.row_head", "report.found", "report.place"];
  return h(
    "table",
    { class: "table issues" },
    h("caption", { class: "spoken" }, t("report.title")),
    h(
      "thead",
      {},
      h("tr", {}, ...heads.map((key) => h("th", { scope: "col" }, t(key)))),
    ),
    h("tbody", {}),
  );
}
