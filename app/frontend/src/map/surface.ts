/** An interpolated surface below the register: five steps, pale to dark. */
import type { FeatureCollection, Geometry } from "geojson";
import type {
  ExpressionSpecification,
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibre,
} from "maplibre-gl";
import * as palette from "./palette";

/** One step of a surface and the ground it covers; 0 is the lowest. */
export interface SurfaceStep {
  place: number;
  geometry: Geometry;
}

const COLOUR = [
  "match",
  ["get", "place"],
  ...palette.SURFACE.flatMap((colour, place) => [place, colour]),
  palette.PAPER,
] as unknown as ExpressionSpecification;

export function surfaceLayers(): LayerSpecification[] {
  return [
    {
      id: "surface",
      type: "fill",
      source: "surface",
      paint: { "fill-color": COLOUR, "fill-opacity": 0.85, "fill-antialias": false },
    },
  ];
}

/** Draw these steps and no others; the ground of townships would lie on them. */
export function setSurface(map: MapLibre, steps: readonly SurfaceStep[]): void {
  const drawn: FeatureCollection = {
    type: "FeatureCollection",
    features: steps.map(({ place, geometry }) => ({ type: "Feature", properties: { place }, geometry })),
  };
  (map.getSource("surface") as GeoJSONSource).setData(drawn);
  map.setLayoutProperty("township", "visibility", steps.length > 0 ? "none" : "visible");
}
