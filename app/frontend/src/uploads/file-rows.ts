/** The file's own rows on the map of its faults: fetched for what is seen, no more. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { count } from "../core/format";
import { toProblem } from "../core/problem";
import { type DrawnRow, ROWS_FROM_ZOOM } from "../map/file-rows";
import type { MapView } from "../map/view";
import type { Bounds } from "../geo/polygon";
import type { FileRow, FileRowPage, Issue, Upload } from "./types";

/** Rows that are drawn at most; nearer there are fewer. */
const MOST = 500;
/** Part of what is seen that is fetched on each side of it. */
const AROUND = 0.25;
/** Rows of one fault that are emphasised at most. */
const MOST_OWN = 50;

export class FileRows {
  /** What is to be said of the rows that are drawn; the report puts it where it is read. */
  readonly note = h("div", { class: "rows-note", role: "status" });
  private own: number[] = [];
  private asked: AbortController | null = null;

  constructor(
    private readonly upload: Upload,
    private readonly map: Promise<MapView | null>,
  ) {}

  /** Begin to draw; another view of the map ends it. */
  start(): void {
    void this.map.then((map) => map?.onMoved((seen, zoom) => void this.draw(map, seen, zoom)));
  }

  /** The fault that is looked at: its rows are emphasised, whatever the zoom. */
  point(issue: Issue): void {
    this.own = rowsOf(issue);
    fill(this.note);
    void this.map.then((map) => map?.tellMoved());
  }

  private async draw(map: MapView, seen: Bounds, zoom: number): Promise<void> {
    this.asked?.abort();
    const query = this.query(seen, zoom);
    if (query === null) {
      map.showFileRows([]);
      return;
    }
    const mine = new AbortController();
    this.asked = mine;
    try {
      const page = await call<FileRowPage>(`/uploads/${this.upload.id}/rows?${query}`, {
        signal: mine.signal,
      });
      if (mine.signal.aborted) return;
      map.showFileRows(page.items.flatMap((row) => this.drawn(row)));
      this.say(page);
    } catch (error) {
      if (!mine.signal.aborted) fill(this.note, h("p", { class: "second" }, toProblem(error).title));
    }
  }

  private query(seen: Bounds, zoom: number): URLSearchParams | null {
    const query = new URLSearchParams({ limit: String(MOST) });
    if (zoom >= ROWS_FROM_ZOOM) query.set("bbox", widened(seen).join(","));
    for (const row of this.own) query.append("row", String(row));
    return query.has("bbox") || query.has("row") ? query : null;
  }

  private drawn(row: FileRow): DrawnRow[] {
    if (row.geometry === null) return [];
    const number = t("report.row", { row: count(row.row) });
    return [
      {
        label: row.code ? `${number}\n${row.code.slice(12) || row.code}` : number,
        own: this.own.includes(row.row),
        usable: row.drawn === "usable",
        geometry: row.geometry,
      },
    ];
  }

  private say(page: FileRowPage): void {
    const told = page.items
      .filter((row) => row.note !== null && this.own.includes(row.row))
      .map((row) => `${t("report.row", { row: count(row.row) })}: ${row.note}`);
    if (page.next !== null) told.push(t("report.rows_more", { count: count(MOST) }));
    fill(this.note, ...told.map((text) => h("p", { class: "second" }, text)));
  }
}

/** The rows that a fault speaks of, its own first. */
function rowsOf({ row, other_row, details }: Issue): number[] {
  const named = [row, other_row, details["first_row"], details["other_rows"]].flat();
  const numbers = named.filter((one): one is number => typeof one === "number");
  return [...new Set(numbers)].slice(0, MOST_OWN);
}

function widened([west, south, east, north]: Bounds): Bounds {
  const [x, y] = [(east - west) * AROUND, (north - south) * AROUND];
  return [
    Math.max(west - x, -180),
    Math.max(south - y, -90),
    Math.min(east + x, 180),
    Math.min(north + y, 90),
  ];
}
