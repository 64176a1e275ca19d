/** One run: how far it is, what it rests on, its rows, and its files. */
import { call, download, newIdempotencyKey } from "../core/api";
import { t, term, word } from "../core/catalogue";
import { byId, fill, h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { saveButton } from "../core/files";
import { count, moment, raised } from "../core/format";
import { divisionsNamed } from "../core/names";
import { chip, fact, meter, more } from "../core/parts";
import { backButton, failedBox, Watch } from "../core/watch";
import type { MapView } from "../map/view";
import { divisionView } from "./division-view";
import { ResultTable } from "./result-table";
import { surfaceView } from "./surface-view";
import type { Kind, Run } from "./types";

/** Levels of attention; those of protection zones are classes. */
const LEVELS = new Set(["high", "medium", "low"]);
const FORMS: readonly (readonly [form: string, title: string])[] = [
  ["pdf", "PDF"],
  ["xlsx", "XLSX"],
  ["gpkg", "GeoPackage"],
  ["geojson", "GeoJSON"],
  ["parquet", "GeoParquet"],
];
const RASTER = ["tif", "GeoTIFF"] as const;

export class RunView {
  private readonly place = byId("run");
  private readonly watch = new Watch<Run>(
    this.place,
    () => this.above(),
    (run) => this.show(run),
  );
  private shown = "";
  private readonly bar = meter(t("screen.progress"));
  private readonly told = h("p", { class: "second", role: "status" });

  constructor(
    private readonly map: Promise<MapView | null>,
    private readonly kinds: readonly Kind[],
    private readonly back: () => void,
    private readonly opened: (id: string) => void,
  ) {}

  async open(id: string): Promise<void> {
    this.close();
    await this.watch.open(pathOf(id));
  }

  close(): void {
    this.shown = "";
    this.watch.close();
    void this.map.then((map) => {
      map?.showMarks([]);
      map?.showSurface([]);
    });
  }

  private show(run: Run): void {
    const stage = `${run.id} ${run.state}`;
    if (stage !== this.shown) {
      this.shown = stage;
      fill(this.place, this.above(), this.head(run), ...this.body(run));
    }
    this.showProgress(run);
    if (isMoving(run)) this.watch.askAgain(pathOf(run.id));
    else this.watch.rest();
  }

  private above(): HTMLElement {
    return backButton(t("screen.back"), () => this.back());
  }

  private head(run: Run): HTMLElement {
    const versions = run.data_versions;
    return h(
      "section",
      { class: "card parcel-card" },
      h(
        "div",
        { class: "upload-line" },
        h("h2", { class: "heading", tabindex: "-1" }, run.title),
        chip("run_state", run.state),
      ),
      h(
        "dl",
        { class: "facts" },
        fact(t("parcel.division"), divisionsNamed([run.division_code])),
        fact(t("screen.as_of"), run.as_of),
        fact(t("screen.ordered"), `${moment(run.ordered_at)} · ${run.actor}`),
        versions && fact(t("screen.change"), versions.change),
      ),
      more(t("screen.parameters"), this.parameters(run)),
      this.actions(run),
    );
  }

  private parameters(run: Run): HTMLElement {
    const kind = this.kinds.find((one) => one.kind === run.kind);
    const facts = (kind?.fields ?? []).map((field) => {
      const value = run.parameters[field.name];
      const parts = Array.isArray(value) ? value : value === undefined ? [] : [value];
      const titles = parts.map(
        (part) => field.choices.find((one) => one.value === part)?.title ?? spoken(part),
      );
      return fact(field.title, titles.join(t("format.list_separator")));
    });
    const digest = run.result_sha256 && fact(t("screen.digest"), h("span", { class: "code is-long" }, run.result_sha256));
    return h("dl", { class: "facts" }, ...facts, digest);
  }

  /** The item a surface is of, in words. */
  private itemOf(run: Run): string {
    const choices = this.kinds.find((one) => one.kind === run.kind)?.fields.find((one) => one.name === "item")?.choices;
    const item = spoken(run.parameters["item"]);
    return choices?.find((one) => one.value === item)?.title ?? item;
  }

  private actions(run: Run): Child {
    if (this.place.dataset["mayOrder"] === undefined) return null;
    const fault = h("div", {});
    const button = (title: string, work: () => Promise<Run>): HTMLElement => {
      const made = h("button", { type: "button", class: "button" }, title);
      made.addEventListener("click", () =>
        void whileBusy(made, async () => {
          try {
            const next = await work();
            if (next.id === run.id) this.show(next);
            else this.opened(next.id);
          } catch (error) {
            showProblem(fault, error);
          }
        }),
      );
      return made;
    };
    const path = `/screening/runs/${run.id}`;
    const repeat = (known: string) => (): Promise<Run> =>
      call<Run>(`${path}/rerun`, { method: "POST", body: { known }, idempotencyKey: newIdempotencyKey() });
    const buttons = isMoving(run)
      ? [button(t("screen.cancel"), () => call<Run>(path, { method: "DELETE" }))]
      : [
          button(t("screen.rerun_then"), repeat("then")),
          button(t("screen.rerun_now"), repeat("now")),
        ];
    return h("div", { class: "stack-tight" }, h("div", { class: "button-row" }, ...buttons), fault);
  }

  private body(run: Run): Child[] {
    if (isMoving(run)) {
      return [
        h("section", { class: "card stack-tight", id: "progress" }, this.bar.element, this.told),
      ];
    }
    if (run.state === "failed") return [failedBox(t("screen.failed"), run.failure ?? "")];
    if (run.state !== "done") return [];
    const rights = new Set((this.place.dataset["division"] ?? "").split(" "));
    const division = run.kind === "farmland_categories" && divisionView(run, rights);
    const surface = run.kind === "surface" && surfaceView(run, this.itemOf(run), this.map);
    return [this.summary(run), division, surface, this.files(run), new ResultTable(run, this.map, this.place.dataset["mayOrder"] !== undefined).element];
  }

  private showProgress(run: Run): void {
    const progress = run.progress;
    this.bar.set(progress && progress.of > 0 ? progress.done / progress.of : null);
    const text = progress
      ? t("screen.pieces", { done: progress.done, of: progress.of, rows: count(progress.rows) })
      : t("screen.waiting");
    if (this.told.textContent !== text) this.told.textContent = text;
  }

  private summary(run: Run): HTMLElement {
    const { rows, counts, coverage } = run.summary!;
    const missing = coverage.filter((one) => one.state !== "covered");
    return h(
      "section",
      { class: "card stack-tight" },
      h("h3", {}, t("screen.rows", { count: count(rows) })),
      h("dl", { class: "facts" }, ...Object.entries(counts).sort().map(([name, value]) => fact(raised(countTitle(name)), number(value)))),
      missing.length === 0
        ? h("p", { class: "second" }, t("screen.covered"))
        : more(
            t("screen.coverage"),
            h("p", {}, t("screen.not_covered")),
            h(
              "ul",
              { class: "bullets" },
              ...missing.map((one) =>
                h("li", {}, divisionsNamed([one.division_code]), " ", [word("theme", one.theme), term("coverage_state", one.state)].join(t("format.colon"))),
              ),
            ),
          ),
    );
  }

  private files(run: Run): HTMLElement {
    const buttons = filesOf(run).map(({ title, path, name }) => saveButton(title, () => download(path, name)));
    return h("section", { "aria-label": t("screen.download") }, h("div", { class: "button-row" }, ...buttons));
  }
}

function pathOf(id: string): string {
  return `/screening/runs/${encodeURIComponent(id)}`;
}

/** The report of a run that has one comes first, then its rows in every form. */
function filesOf(run: Run): { title: string; path: string; name: string }[] {
  const forms = run.kind === "surface" ? [...FORMS, RASTER] : FORMS;
  const rows = forms.map(([form, title]) => ({
    title,
    path: `/screening/runs/${run.id}/results?format=${form}`,
    name: `jingtu-${run.kind}-${run.id}.${form}`,
  }));
  if (run.kind !== "plot_decisions") return rows;
  const reports = ["pdf", "xlsx"].map((form) => ({
    title: `${t("screen.report")} ${form.toUpperCase()}`,
    path: `/reports/plot_decisions?run=${run.id}&format=${form}`,
    name: `jingtu-plot-decisions-${run.id}.${form}`,
  }));
  return [...reports, ...rows];
}

function isMoving(run: Run): boolean {
  return run.state === "waiting" || run.state === "running";
}

function spoken(value: unknown): string {
  if (typeof value === "object") return t("screen.drawn");
  if (value === true) return t("screen.yes");
  return value === false ? t("screen.no") : String(value);
}

function number(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 2 });
}

/** `theme.receptor` is a count of that theme; `area_m2.x` an area; others are rows. */
function countTitle(name: string): string {
  const [group, code] = name.split(".", 2) as [string, string?];
  if (code === undefined) return word("run_count", group);
  if (group === "level" && LEVELS.has(code)) return word("attention_level", code);
  const known = { theme: "theme", level: "category", ring: "relation", scale: "scale_class", outcome: "flow_outcome", site_outcome: "outcome", decision: "outcome", rule_status: "rule_status" }[group];
  if (known) return word(known, code);
  const told = { check: "category_check", origin: "category_origin", questions: "severity" }[group];
  const between = group === "moved_m2" ? " → " : "";
  const parts = code.split(">").map((one) => word(told ?? "category", one));
  return `${word("run_count", group)} ${parts.join(between)}`;
}
