/** A surface on the map: which band is drawn, and what its colours stand for. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { showProblem, waiting } from "../core/feedback";
import { raised, share } from "../core/format";
import { colourKeys, type ColourKey } from "../map/legend";
import { SURFACE } from "../map/palette";
import type { SurfaceStep } from "../map/surface";
import type { MapView } from "../map/view";
import type { Run } from "./types";

type Band = "value" | "deviation" | "probability";

interface Step extends SurfaceStep {
  low: number;
  high: number;
}

interface Steps {
  item: string;
  band: Band;
  bands: Band[];
  above: number | null;
  steps: Step[];
}

/** The legend of a run's surface, which also draws it. */
export function surfaceView(run: Run, item: string, map: Promise<MapView | null>): HTMLElement {
  const legend = h("div", { class: "stack-tight" }, waiting());
  const place = h("section", { class: "card stack-tight", id: "surface" }, h("h3", {}, t("surface.title", { item })), legend);

  let latest = 0;

  /** What answers late, after another was asked for or the run was left, is dropped. */
  async function show(band: Band): Promise<void> {
    const mine = ++latest;
    try {
      const found = await call<Steps>(`/screening/runs/${run.id}/surface?band=${band}`);
      const opened = await map;
      if (mine !== latest || !place.isConnected) return;
      const keys = keysOf(found);
      fill(legend, bandChoice(found), colourKeys(keys), h("p", { class: "hint" }, t("surface.note")));
      opened?.showSurface(found.steps, `${item}: ${bandTitle(found.band, found)}`, keys);
    } catch (error) {
      showProblem(legend, error);
    }
  }

  function bandChoice(found: Steps): HTMLElement {
    const options = found.bands.map((one) => h("option", { value: one, selected: one === found.band }, raised(bandTitle(one, found))));
    const choice = h("select", { class: "input", id: "surface-band" }, ...options);
    choice.addEventListener("change", () => void show(choice.value as Band));
    return h("div", { class: "field" }, h("label", { for: "surface-band" }, t("surface.band")), choice);
  }

  void show("value");
  return place;
}

function bandTitle(band: Band, found: Steps): string {
  const unit = found.item === "pH" ? "pH" : "mg/kg";
  if (band === "probability") return t("surface.probability", { above: found.above ?? "", unit });
  return t(band === "value" ? "surface.value" : "surface.deviation", { unit });
}

function keysOf(found: Steps): ColourKey[] {
  const figure = (value: number): string =>
    found.band === "probability" ? share(value) : value.toLocaleString("en-GB", { maximumSignificantDigits: 3 });
  return found.steps.map((step) => ({
    colour: SURFACE[step.place]!,
    label: `${figure(step.low)} – ${figure(step.high)}`,
  }));
}
