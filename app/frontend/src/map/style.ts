/** The map's style: our own vector tiles on plain paper, no outside base map. */
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Bounds } from "../geo/polygon";
import * as palette from "./palette";
import { fileRowLayers } from "./file-rows";
import { markLayers } from "./marks";
import { surfaceLayers } from "./surface";
import { drawingLayers, subjectLayers } from "./style-marks";

/** From this zoom parcels and farmland units are drawn; below, township sums. */
const PARCEL_ZOOM = 12;

const FONTS = [
  "Noto Sans CJK SC",
  "Source Han Sans SC",
  "Microsoft YaHei",
  "PingFang SC",
  "sans-serif",
];

/** Tile layers and the zooms at which they are asked for. */
const TILE_ZOOMS: Record<string, [minimum: number, maximum: number]> = {
  division: [3, 12],
  township: [7, PARCEL_ZOOM - 1],
  farmland_unit: [PARCEL_ZOOM, 16],
  permanent_basic_farmland: [9, 16],
  ecological_redline: [9, 16],
  water_zone: [9, 16],
  parcel: [PARCEL_ZOOM, 16],
  river: [8, 15],
  plot: [9, 16],
  enterprise: [11, 15],
  facility: [11, 15],
  receptor: [11, 15],
};

const EMPTY: SourceSpecification = {
  type: "geojson",
  data: { type: "FeatureCollection", features: [] },
};

/** Ground that no map shows: a source there is never asked. */
const NOWHERE: Bounds = [0, -89.002, 0.001, -89.001];

/**
 * Layers an officer can switch, by legend group; `drawn` adds its own above. Who may read
 * no tiles (`readsTiles`) is shown what he asked about, on plain paper.
 */
export function buildStyle(
  origin: string,
  language: "zh" | "en",
  readsTiles: boolean,
): StyleSpecification {
  return {
    version: 8,
    sources: { ...tileSources(origin, readsTiles), surface: EMPTY, subject: EMPTY, "file-rows": EMPTY, marks: EMPTY, drawing: EMPTY },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": palette.PAPER } },
      ...farmlandLayers(),
      ...surfaceLayers(),
      ...riverLayers(),
      ...zoneLayers(),
      ...townshipLayers(language),
      ...parcelLayers(),
      ...divisionLayers(language),
      ...plotLayers(),
      ...siteLayers("enterprise"),
      ...siteLayers("facility"),
      ...siteLayers("receptor"),
      ...subjectLayers(),
      ...fileRowLayers(FONTS),
      ...markLayers(),
      ...drawingLayers(),
    ],
  };
}

function tileSources(origin: string, asked: boolean): Record<string, SourceSpecification> {
  return Object.fromEntries(
    Object.entries(TILE_ZOOMS).map(([layer, [minzoom, maxzoom]]) => [
      layer,
      {
        type: "vector",
        tiles: [`${origin}/v1/tiles/${layer}/{z}/{x}/{y}.mvt`],
        minzoom,
        maxzoom,
        ...(asked ? {} : { bounds: NOWHERE }),
      } satisfies SourceSpecification,
    ]),
  );
}

/** Choose a colour by the value of a property. */
function byValue(
  property: string,
  colours: Record<string, string>,
  other: string,
): ExpressionSpecification {
  const pairs = Object.entries(colours).flat();
  return ["match", ["get", property], ...pairs, other] as unknown as ExpressionSpecification;
}

/** Choose a plot's colour by the group its stage belongs to. */
function plotColour(): ExpressionSpecification {
  const pairs = Object.values(palette.PLOT_GROUPS).flatMap((group) => [
    group.stages,
    group.colour,
  ]);
  const other = palette.PLOT_GROUPS["resolved"]!.colour;
  return ["match", ["get", "stage"], ...pairs, other] as unknown as ExpressionSpecification;
}

type Paint = Record<string, unknown>;

function area(id: string, source: string, paint: Paint): LayerSpecification {
  return { id, type: "fill", source, "source-layer": source, paint };
}

function edge(id: string, source: string, paint: Paint): LayerSpecification {
  return { id, type: "line", source, "source-layer": source, paint };
}

function farmlandLayers(): LayerSpecification[] {
  const colour = byValue("category", palette.FARMLAND, "#b9beb7");
  return [
    area("farmland_unit", "farmland_unit", {
      "fill-color": colour,
      "fill-opacity": 0.42,
    }),
    edge("farmland_unit-edge", "farmland_unit", {
      "line-color": colour,
      "line-width": 0.6,
    }),
  ];
}

/** Rivers give the sheet its bearings, as there is no base map. */
function riverLayers(): LayerSpecification[] {
  return [
    edge("river", "river", {
      "line-color": palette.RIVER,
      "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1, 14, 3, 17, 5],
    }),
    {
      id: "river-label",
      type: "symbol",
      source: "river",
      "source-layer": "river",
      minzoom: 12,
      layout: {
        "symbol-placement": "line",
        "text-field": ["coalesce", ["get", "name"], ""],
        "text-font": FONTS,
        "text-size": 12,
        "text-letter-spacing": 0.15,
      },
      paint: { ...labelPaint(), "text-color": palette.RIVER_LABEL },
    },
  ];
}

function zoneLayers(): LayerSpecification[] {
  const water = byValue("level", palette.WATER_ZONE, "#8cc0e6");
  return [
    area("permanent_basic_farmland", "permanent_basic_farmland", {
      "fill-pattern": "hatch-basic-farmland",
      "fill-opacity": 0.55,
    }),
    edge("permanent_basic_farmland-edge", "permanent_basic_farmland", {
      "line-color": palette.BASIC_FARMLAND,
      "line-width": 1.4,
    }),
    area("ecological_redline", "ecological_redline", {
      "fill-pattern": "hatch-redline",
      "fill-opacity": 0.5,
    }),
    edge("ecological_redline-edge", "ecological_redline", {
      "line-color": palette.REDLINE,
      "line-width": 2.2,
    }),
    area("water_zone", "water_zone", { "fill-color": water, "fill-opacity": 0.28 }),
    edge("water_zone-edge", "water_zone", {
      "line-color": water,
      "line-width": 1.6,
      "line-dasharray": [4, 1.5],
    }),
  ];
}

function townshipLayers(language: "zh" | "en"): LayerSpecification[] {
  const name: ExpressionSpecification = [
    "coalesce",
    ["get", `name_${language}`],
    ["get", "name_zh"],
  ];
  const parcels: ExpressionSpecification = ["to-string", ["get", "parcels"]];
  const unit = language === "zh" ? " 宗" : " parcels";
  return [
    {
      ...area("township", "township", {
        "fill-color": "#dfe6dc",
        "fill-opacity": 0.75,
      }),
      maxzoom: PARCEL_ZOOM,
    } as LayerSpecification,
    {
      ...edge("township-edge", "township", { "line-color": "#94a198" }),
      maxzoom: PARCEL_ZOOM,
    } as LayerSpecification,
    {
      id: "township-label",
      type: "symbol",
      source: "township",
      "source-layer": "township_spot",
      maxzoom: PARCEL_ZOOM,
      layout: {
        "text-field": [
          "format",
          name,
          { "font-scale": 1 },
          "\n",
          {},
          ["concat", parcels, unit],
          { "font-scale": 0.85 },
        ],
        "text-font": FONTS,
        "text-size": 13,
      },
      paint: labelPaint(),
    },
  ];
}

function labelPaint(): Record<string, string | number> {
  return {
    "text-color": palette.LABEL,
    "text-halo-color": "#ffffff",
    "text-halo-width": 1.4,
  };
}

function parcelLayers(): LayerSpecification[] {
  return [
    area("parcel", "parcel", { "fill-color": "#ffffff", "fill-opacity": 0.01 }),
    edge("parcel-edge", "parcel", {
      "line-color": palette.PARCEL_LINE,
      "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.25, 15, 0.7, 18, 1.2],
    }),
    {
      id: "parcel-label",
      type: "symbol",
      source: "parcel",
      "source-layer": "parcel_spot",
      minzoom: 17,
      layout: {
        "text-field": ["slice", ["get", "code"], 12],
        "text-font": FONTS,
        "text-size": 11,
      },
      paint: labelPaint(),
    },
  ];
}

function divisionLayers(language: "zh" | "en"): LayerSpecification[] {
  return [
    edge("division-edge", "division", {
      "line-color": palette.DIVISION_LINE,
      "line-width": 1.6,
      "line-dasharray": [6, 2, 1, 2],
    }),
    {
      id: "division-label",
      type: "symbol",
      source: "division",
      "source-layer": "division_spot",
      maxzoom: 8.5,
      layout: {
        "text-field": ["coalesce", ["get", `name_${language}`], ["get", "name_zh"]],
        "text-font": FONTS,
        "text-size": 15,
        "text-offset": [0, -2.4],
      },
      paint: labelPaint(),
    },
  ];
}

/** Areas and edges of plots, and dots where there is no shape to see. */
function plotLayers(): LayerSpecification[] {
  const colour = plotColour();
  return [
    area("plot", "plot", { "fill-color": colour, "fill-opacity": 0.35 }),
    edge("plot-edge", "plot", { "line-color": colour, "line-width": 2 }),
    plotSpots("plot-spot", colour, { maxzoom: 14 }),
    plotSpots("plot-point", colour, { minzoom: 14, filter: ["get", "point_only"] }),
  ];
}

/** A dot for each plot while its shape is too small to see; later for bare points. */
function plotSpots(
  id: string,
  colour: ExpressionSpecification,
  shown: { minzoom?: number; maxzoom?: number; filter?: FilterSpecification },
): LayerSpecification {
  return {
    id,
    type: "circle",
    source: "plot",
    "source-layer": "plot_spot",
    ...shown,
    paint: {
      "circle-color": colour,
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2.5, 14, 6],
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 1.2,
    },
  };
}

/** Premises where the boundary is known, and a symbol for each site. */
function siteLayers(layer: "enterprise" | "facility" | "receptor"): LayerSpecification[] {
  const colour = {
    enterprise: palette.ENTERPRISE_ACTIVE,
    facility: palette.FACILITY,
    receptor: palette.RECEPTOR,
  }[layer];
  const image: ExpressionSpecification | string =
    layer === "enterprise"
      ? [
          "match",
          ["get", "status"],
          "active",
          "enterprise-active",
          "enterprise-former",
        ]
      : layer;
  return [
    area(layer, layer, { "fill-color": colour, "fill-opacity": 0.14 }),
    edge(`${layer}-edge`, layer, { "line-color": colour, "line-width": 1.2 }),
    {
      id: `${layer}-symbol`,
      type: "symbol",
      source: layer,
      "source-layer": `${layer}_spot`,
      layout: {
        "icon-image": image,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 15, 1],
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 15, ["coalesce", ["get", "name"], ""]],
        "text-font": FONTS,
        "text-size": 11,
        "text-anchor": "top",
        "text-offset": [0, 0.9],
        "text-optional": true,
      },
      paint: labelPaint(),
    },
  ];
}
