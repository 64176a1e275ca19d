/** The legend, which is also where layers are switched on and off. */
import { t, term, type Key } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import * as palette from "./palette";
import { imageCanvas } from "./symbols";

/** One switch of the legend and the map layers behind it. */
interface Entry {
  title: Key;
  layers: string[];
  swatches: { label: string; mark: HTMLElement | SVGElement }[];
}

type Switch = (layers: readonly string[], visible: boolean) => void;

/** Fill the legend; `onSwitch` gets the map layers of a group and their state. */
export function buildLegend(onSwitch: Switch): void {
  // On a phone it stands below the map and would push the answer away; in a window that
  // is not wide it would cover half of the map.
  const narrow = matchMedia("(width <= 72rem)").matches;
  const legend = byId<HTMLDetailsElement>("legend");
  legend.open = legend.open && !narrow;
  fill(byId("legend-entries"), ...entries().map((entry) => section(entry, onSwitch)));
}

/** A colour and what it stands for. */
export interface ColourKey {
  colour: string;
  label: string;
}

/** Colours and what they stand for, as a list. */
export function colourKeys(keys: readonly ColourKey[]): HTMLElement {
  const lines = keys.map(({ colour, label }) => h("li", {}, areaMark(colour, 0.85, 1), h("span", {}, label)));
  return h("ul", { class: "legend-keys surface-keys" }, ...lines);
}

/** Explain what is drawn beside the register, above its own layers; no key takes it away. */
export function explainSurface(title: string, keys: readonly ColourKey[]): void {
  document.getElementById("legend-surface")?.remove();
  if (keys.length === 0) return;
  byId("legend-entries").prepend(
    h("div", { class: "legend-group", id: "legend-surface" }, h("p", {}, title), colourKeys(keys)),
  );
}

function entries(): Entry[] {
  return [
    plots(),
    farmland(),
    single("map.layer.basic_farmland", "permanent_basic_farmland", hatchMark("hatch-basic-farmland", palette.BASIC_FARMLAND)),
    single("map.layer.redline", "ecological_redline", hatchMark("hatch-redline", palette.REDLINE)),
    waterZones(),
    sites(),
    single("map.layer.parcel", "parcel", lineMark(palette.PARCEL_LINE), ["parcel-edge", "parcel-label"]),
    single("map.layer.river", "river", lineMark(palette.RIVER), ["river", "river-label"]),
    single("map.layer.division", "division", lineMark(palette.DIVISION_LINE, "6 2 1 2"), ["division-edge", "division-label"]),
  ];
}

function plots(): Entry {
  return {
    title: "map.layer.plot",
    layers: ["plot", "plot-edge", "plot-point", "plot-spot"],
    swatches: Object.entries(palette.PLOT_GROUPS).map(([group, { colour }]) => ({
      label: term("plot_group", group),
      mark: areaMark(colour, 0.35, 2),
    })),
  };
}

function farmland(): Entry {
  return {
    title: "map.layer.farmland",
    layers: ["farmland_unit", "farmland_unit-edge"],
    swatches: Object.entries(palette.FARMLAND).map(([category, colour]) => ({
      label: term("category", category),
      mark: areaMark(colour, 0.5, 1),
    })),
  };
}

function waterZones(): Entry {
  return {
    title: "map.layer.water_zone",
    layers: ["water_zone", "water_zone-edge"],
    swatches: Object.entries(palette.WATER_ZONE).map(([level, colour]) => ({
      label: term("category", level),
      mark: areaMark(colour, 0.28, 1.6, "4 2"),
    })),
  };
}

function sites(): Entry {
  const shown: [string, string][] = [
    [t("map.enterprise_active"), "enterprise-active"],
    [t("map.enterprise_former"), "enterprise-former"],
    [term("theme", "facility"), "facility"],
    [term("theme", "receptor"), "receptor"],
  ];
  return {
    title: "map.layer.sites",
    layers: ["enterprise", "facility", "receptor"].flatMap((layer) => [
      layer,
      `${layer}-edge`,
      `${layer}-symbol`,
    ]),
    swatches: shown.map(([label, image]) => ({ label, mark: imageMark(image) })),
  };
}

function single(
  title: Key,
  layer: string,
  mark: HTMLElement | SVGElement,
  layers: string[] = [layer, `${layer}-edge`],
): Entry {
  return { title, layers, swatches: [{ label: "", mark }] };
}

function section(entry: Entry, onSwitch: Switch): HTMLElement {
  const box = h("input", { type: "checkbox", checked: true });
  box.addEventListener("change", () => onSwitch(entry.layers, box.checked));
  const lone = entry.swatches.length === 1 ? entry.swatches[0] : undefined;
  const label = h("label", { class: "legend-switch" }, box, lone?.mark, t(entry.title));
  if (lone) return h("div", { class: "legend-group is-single" }, label);
  const keys = entry.swatches.map(({ label: text, mark: swatch }) =>
    h("li", {}, swatch, h("span", {}, text)),
  );
  return h(
    "div",
    { class: "legend-group" },
    label,
    h("ul", { class: "legend-keys" }, ...keys),
  );
}

const SVG = "http://www.w3.org/2000/svg";

function mark(tag: "rect" | "line", attributes: Record<string, string>): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 22 14");
  svg.setAttribute("class", "legend-mark");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    shape.setAttribute(name, value);
  }
  svg.appendChild(shape);
  return svg;
}

function areaMark(colour: string, opacity: number, width: number, dash = ""): SVGElement {
  return mark("rect", {
    x: "2",
    y: "2",
    width: "18",
    height: "10",
    fill: colour,
    "fill-opacity": String(opacity),
    stroke: colour,
    "stroke-width": String(width),
    "stroke-dasharray": dash,
  });
}

function lineMark(colour: string, dash = ""): SVGElement {
  return mark("line", {
    x1: "1",
    y1: "7",
    x2: "21",
    y2: "7",
    stroke: colour,
    "stroke-width": "1.8",
    "stroke-dasharray": dash,
  });
}

function imageMark(name: string): HTMLElement {
  const canvas = imageCanvas(name);
  canvas.className = "legend-image";
  return canvas;
}

/** A swatch tiled with the hatch that the map uses. */
function hatchMark(name: string, colour: string): HTMLElement {
  const tile = imageCanvas(name);
  const swatch = document.createElement("canvas");
  swatch.width = 44;
  swatch.height = 28;
  swatch.className = "legend-mark";
  const pen = swatch.getContext("2d");
  const pattern = pen?.createPattern(tile, "repeat");
  if (pen && pattern) {
    pen.fillStyle = pattern;
    pen.fillRect(4, 4, 36, 20);
    pen.strokeStyle = colour;
    pen.lineWidth = 2.5;
    pen.strokeRect(4, 4, 36, 20);
  }
  return swatch;
}
