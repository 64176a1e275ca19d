/** Rows of a survey file under its faults: thin outlines, those of a fault itself thick. */
import type { Feature, FeatureCollection, Geometry } from "geojson";
import type {
  ExpressionSpecification,
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
} from "maplibre-gl";
import * as palette from "./palette";

/** One row as it is drawn. */
export interface DrawnRow {
  label: string;
  /** Whether it is the row that a fault speaks of. */
  own: boolean;
  /** Whether its geometry can be used; else it is drawn broken. */
  usable: boolean;
  geometry: Geometry;
}

/** Nearer than this the rows around a fault are drawn. */
export const ROWS_FROM_ZOOM = 15;
const LABELS_FROM_ZOOM = 17;

const OWN: ExpressionSpecification = ["==", ["get", "own"], true];
const OTHER: ExpressionSpecification = ["!=", ["get", "own"], true];
const AREAL: ExpressionSpecification = ["!=", ["geometry-type"], "Point"];

export function fileRowLayers(fonts: string[]): LayerSpecification[] {
  return [
    edge("file-row-edge", ["all", AREAL, OTHER], 0.9),
    edge("file-row-own", ["all", AREAL, OWN, ["get", "usable"]], 2.6),
    edge("file-row-as-sent", ["all", AREAL, OWN, ["!", ["get", "usable"]]], 2.6, [3, 2]),
    {
      id: "file-row-point",
      type: "circle",
      source: "file-rows",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-color": "rgba(0, 0, 0, 0)",
        "circle-radius": ["case", OWN, 8, 4],
        "circle-stroke-color": palette.FILE_ROW,
        "circle-stroke-width": ["case", OWN, 2.6, 1.2],
      },
    },
    label("file-row-label", OTHER, LABELS_FROM_ZOOM, fonts),
    label("file-row-own-label", OWN, ROWS_FROM_ZOOM, fonts),
  ];
}

function edge(
  id: string,
  filter: ExpressionSpecification,
  width: number,
  dashes?: number[],
): LayerSpecification {
  return {
    id,
    type: "line",
    source: "file-rows",
    filter,
    paint: {
      "line-color": palette.FILE_ROW,
      "line-width": width,
      ...(dashes ? { "line-dasharray": dashes } : {}),
    },
  };
}

function label(
  id: string,
  filter: ExpressionSpecification,
  minzoom: number,
  fonts: string[],
): LayerSpecification {
  return {
    id,
    type: "symbol",
    source: "file-rows",
    filter,
    minzoom,
    layout: { "text-field": ["get", "label"], "text-font": fonts, "text-size": 11.5 },
    paint: {
      "text-color": palette.FILE_ROW,
      "text-halo-color": "#ffffff",
      "text-halo-width": 1.6,
    },
  };
}

/** Draw these rows and no others. */
export function setFileRows(map: MapLibre, rows: readonly DrawnRow[]): void {
  const drawn: FeatureCollection = { type: "FeatureCollection", features: rows.map(asFeature) };
  (map.getSource("file-rows") as GeoJSONSource).setData(drawn);
}

function asFeature({ geometry, ...properties }: DrawnRow): Feature {
  return { type: "Feature", properties, geometry };
}
