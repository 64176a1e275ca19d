/** Marks above the register: the subject, what is pointed at, what is being drawn. */
import type { LayerSpecification } from "maplibre-gl";
import * as palette from "./palette";

/** What was asked about, and the feature an officer points at in the list. */
export function subjectLayers(): LayerSpecification[] {
  return [
    {
      id: "subject-halo",
      type: "line",
      source: "subject",
      paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 },
    },
    {
      id: "subject-edge",
      type: "line",
      source: "subject",
      paint: { "line-color": palette.SELECTED, "line-width": 2.6 },
    },
    ...["plot", "farmland_unit", "permanent_basic_farmland", "ecological_redline"]
      .concat(["water_zone", "enterprise", "facility", "receptor"])
      .map(highlightLayer),
  ];
}

/** An outline that shows one feature of a layer; its filter starts with none. */
function highlightLayer(layer: string): LayerSpecification {
  return {
    id: `${layer}-highlight`,
    type: "line",
    source: layer,
    "source-layer": layer,
    filter: ["==", ["get", "code"], ""],
    paint: { "line-color": palette.HIGHLIGHT, "line-width": 4 },
  };
}

/** The polygon that is being drawn. */
export function drawingLayers(): LayerSpecification[] {
  return [
    {
      id: "drawing-area",
      type: "fill",
      source: "drawing",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": palette.HIGHLIGHT, "fill-opacity": 0.15 },
    },
    {
      id: "drawing-edge",
      type: "line",
      source: "drawing",
      paint: { "line-color": palette.HIGHLIGHT, "line-width": 2.4 },
    },
    {
      id: "drawing-corner",
      type: "circle",
      source: "drawing",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-color": "#ffffff",
        "circle-radius": 4.5,
        "circle-stroke-color": palette.HIGHLIGHT,
        "circle-stroke-width": 2,
      },
    },
  ];
}
