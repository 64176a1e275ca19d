/**
 * Marks: what a list beside the map is about, drawn above the register. A mark keeps
 * its tone; a small area also gets a spot, so that it is found from afar.
 */
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type {
  CircleLayerSpecification,
  ExpressionSpecification,
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
} from "maplibre-gl";
import { boundsOf, type Bounds } from "../geo/polygon";
import * as palette from "./palette";

/** What a mark says, and with it its colour. */
export type MarkTone = keyof typeof palette.MARKS;

export interface Mark {
  /** Of the row in the list that it belongs to. */
  id: string;
  tone: MarkTone;
  geometry: Geometry;
  /** Of a piece of a division alone: whether its category changes. */
  moved?: boolean;
}

/** From this zoom an area is seen by itself and its spot goes. */
const SPOT_UNTIL = 16;

const COLOUR = [
  "match",
  ["get", "tone"],
  ...Object.entries(palette.MARKS).flat(),
  palette.HIGHLIGHT,
] as unknown as ExpressionSpecification;

/** Evidence and a file's outline lie on features whose own colour must be read. */
const FILL = [
  "match",
  ["get", "tone"],
  ["evidence", "outline", "before"],
  0.08,
  Object.keys(palette.CATEGORIES),
  0.75,
  0.22,
] as unknown as ExpressionSpecification;

/** A piece of a division has its colour in its ground; its edge tells what changes. */
const EDGE = [
  "match",
  ["get", "edge"],
  "moved",
  palette.SELECTED,
  "quiet",
  palette.PARCEL_LINE,
  COLOUR,
] as unknown as ExpressionSpecification;
const EDGE_WIDTH = ["match", ["get", "edge"], "quiet", 0.6, 2.2] as unknown as ExpressionSpecification;

/** Layers of the source `marks`; the pointed ones have a filter that begins with none. */
export function markLayers(): LayerSpecification[] {
  return [
    {
      id: "mark-area",
      type: "fill",
      source: "marks",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": COLOUR, "fill-opacity": FILL },
    },
    {
      id: "mark-edge",
      type: "line",
      source: "marks",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": EDGE, "line-width": EDGE_WIDTH },
    },
    pointedEdge(),
    spots("mark-point", ["!", ["has", "spot"]], {}),
    spots("mark-spot", ["has", "spot"], { maxzoom: SPOT_UNTIL }),
    outlineRing(),
    pointedSpot(),
  ];
}

function pointedEdge(): LayerSpecification {
  return {
    id: "mark-pointed-edge",
    type: "line",
    source: "marks",
    filter: ["==", ["get", "id"], ""],
    paint: { "line-color": palette.HIGHLIGHT, "line-width": 5 },
  };
}

function spots(
  id: string,
  kind: ExpressionSpecification,
  shown: { maxzoom?: number },
): LayerSpecification {
  return {
    id,
    type: "circle",
    source: "marks",
    ...shown,
    filter: ["all", ["==", ["geometry-type"], "Point"], kind],
    paint: {
      "circle-color": COLOUR,
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3.5, 16, 6],
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 1.4,
    },
  };
}

/** Around a file's outline: its spot alone would be one of many, and like a plot's. */
function outlineRing(): LayerSpecification {
  const outlines: ExpressionSpecification = ["==", ["get", "tone"], "outline"];
  return {
    ...ring("mark-outline-ring", palette.FILE_ROW, 16, 4),
    maxzoom: SPOT_UNTIL,
    filter: ["all", ["has", "spot"], outlines],
  };
}

function pointedSpot(): LayerSpecification {
  return {
    ...ring("mark-pointed-spot", palette.HIGHLIGHT, 11, 3),
    filter: ["==", ["get", "id"], ""],
  };
}

function ring(id: string, colour: string, radius: number, width: number): CircleLayerSpecification {
  return {
    id,
    type: "circle",
    source: "marks",
    paint: {
      "circle-color": "rgba(0, 0, 0, 0)",
      "circle-radius": radius,
      "circle-stroke-color": colour,
      "circle-stroke-width": width,
    },
  };
}

/** Layers whose marks answer to a click. */
export const MARK_LAYERS = ["mark-point", "mark-spot", "mark-edge", "mark-area"];

/** Draw these marks and no others. */
export function setMarks(map: MapLibre, marks: readonly Mark[]): void {
  (map.getSource("marks") as GeoJSONSource).setData(collect(marks));
  pointMark(map, null);
}

/** Ring the mark of that id, or none. */
export function pointMark(map: MapLibre, id: string | null): void {
  const same: ExpressionSpecification = ["==", ["get", "id"], id ?? ""];
  const isPoint: ExpressionSpecification = ["==", ["geometry-type"], "Point"];
  map.setFilter("mark-pointed-edge", ["all", same, ["!", isPoint]]);
  map.setFilter("mark-pointed-spot", ["all", same, isPoint, ["!", ["has", "spot"]]]);
}

/** The box around all marks; null without any. */
export function boundsOfMarks(marks: readonly Mark[]): Bounds | null {
  if (marks.length === 0) return null;
  const boxes = marks.map((mark) => boundsOf(mark.geometry));
  const end = (side: 0 | 1 | 2 | 3, pick: (...values: number[]) => number): number =>
    boxes.reduce((most, box) => pick(most, box[side]), boxes[0]![side]);
  return [end(0, Math.min), end(1, Math.min), end(2, Math.max), end(3, Math.max)];
}

const URGENCY: readonly MarkTone[] = ["info", "warning", "error"];

/** Marks as they are drawn, one over the other: an error over a warning at the same place. */
export function collect(marks: readonly Mark[]): FeatureCollection {
  const urgency = (mark: Mark): number => URGENCY.indexOf(mark.tone);
  const ordered = [...marks].sort((one, other) => urgency(one) - urgency(other));
  const shapes = ordered.map((mark) => feature(mark, mark.geometry));
  const seen = ordered.filter((mark) => mark.geometry.type !== "Point" && mark.moved === undefined);
  return { type: "FeatureCollection", features: [...shapes, ...seen.map(spotOf)] };
}

function spotOf(mark: Mark): Feature {
  const [west, south, east, north] = boundsOf(mark.geometry);
  const middle = [(west + east) / 2, (south + north) / 2];
  return feature(mark, { type: "Point", coordinates: middle }, { spot: true });
}

function feature(mark: Mark, geometry: Geometry, more: object = {}): Feature {
  const edge = mark.moved === undefined ? {} : { edge: mark.moved ? "moved" : "quiet" };
  return { type: "Feature", properties: { id: mark.id, tone: mark.tone, ...edge, ...more }, geometry };
}
