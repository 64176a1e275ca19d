/** The screening page: order a run, follow it, read its rows, take its files. */
import { call } from "../core/api";
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { wireMasthead } from "../core/masthead";
import { type Bounds, toPolygon } from "../geo/polygon";
import { sizeOf, wireDrawBar } from "../map/draw-bar";
import { MapView } from "../map/view";
import { type DrawPolygon, wireOrderForm } from "../screening/order-form";
import { wireRunList } from "../screening/run-list";
import { RunView } from "../screening/run-view";
import type { Kind } from "../screening/types";

await loadCatalogue();
wireMasthead();
drawIcons();
const home = JSON.parse(byId("map").dataset["bounds"] ?? "[]") as Bounds;
const map = openMap();
const kinds = (await call<{ items: Kind[] }>("/screening/kinds")).items;
const view = new RunView(map, kinds, () => go(null), (id) => go(id));
const list = wireRunList((id) => go(id));
const form = document.getElementById("order");
let opened: MapView | null = null;
void map.then((view) => (opened = view));
if (form) {
  const begin = wireDrawBar(() => opened);
  const draw: DrawPolygon = (use) =>
    begin({
      active: () => {},
      finished: (corners) => use(toPolygon(corners), sizeOf(corners)),
    });
  wireOrderForm(form as HTMLFormElement, kinds, (run) => go(run.id), draw);
}
addEventListener("popstate", openFromAddress);
openFromAddress();

async function openMap(): Promise<MapView | null> {
  try {
    const opened = await MapView.open(byId("map"), home, () => {});
    byId("map-in").addEventListener("click", () => opened.zoomBy(1));
    byId("map-out").addEventListener("click", () => opened.zoomBy(-1));
    byId("map-home").addEventListener("click", () => opened.goHome());
    return opened;
  } catch {
    byId("map-missing").hidden = false;
    return null;
  }
}

function openFromAddress(): void {
  const id = new URLSearchParams(location.search).get("run");
  byId("start").hidden = id !== null;
  if (id) {
    void view.open(id);
  } else {
    view.close();
    void list();
  }
}

function go(id: string | null): void {
  const url = new URL(location.href);
  if (id) url.searchParams.set("run", id);
  else url.searchParams.delete("run");
  history.pushState(null, "", url);
  openFromAddress();
}
