/** The screening page: order a run, follow it, read its rows, take its files. */
import { call } from "../core/api";
import { loadCatalogue } from "../core/catalogue";
import { byId, drawIcons } from "../core/dom";
import { showProblem } from "../core/feedback";
import { wireMasthead } from "../core/masthead";
import { wireOpened } from "../core/opened";
import { toPolygon } from "../geo/polygon";
import { sizeOf, wireDrawBar } from "../map/draw-bar";
import { openMap } from "../map/open";
import type { MapView } from "../map/view";
import { type DrawPolygon, wireOrderForm } from "../screening/order-form";
import { wireRunList } from "../screening/run-list";
import { RunView } from "../screening/run-view";
import type { Kind } from "../screening/types";

await loadCatalogue();
wireMasthead();
drawIcons();
try {
  await begin();
} catch (error) {
  // Without its kinds no run can be ordered or read.
  showProblem(byId("runs"), error);
}

async function begin(): Promise<void> {
  const map = openMap();
  const kinds = (await call<{ items: Kind[] }>("/screening/kinds")).items;
  const view = new RunView(map, kinds, () => go(null), (id) => go(id));
  const list = wireRunList((id) => go(id));
  const form = document.getElementById("order");
  let opened: MapView | null = null;
  void map.then((view) => (opened = view));
  if (form) {
    const beginDrawing = wireDrawBar(() => opened);
    const draw: DrawPolygon = (use) =>
      beginDrawing({
        active: () => {},
        finished: (corners) => use(toPolygon(corners), sizeOf(corners)),
      });
    wireOrderForm(form as HTMLFormElement, kinds, new URLSearchParams(location.search), (run) => go(run.id), draw);
  }
  const go = wireOpened("run", view, list);
}
