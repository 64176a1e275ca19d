/** Polygons as the page handles them: GeoJSON, longitude before latitude. */
import { t } from "../core/catalogue";

export type LonLat = readonly [number, number];

export interface PolygonGeometry {
  type: "Polygon" | "MultiPolygon";
  coordinates: LonLat[][] | LonLat[][][];
}

/** A polygon to ask about; `crs` is an EPSG code where it is not in degrees. */
export interface AskedPolygon {
  geometry: PolygonGeometry;
  crs?: string;
}

/** What was typed holds no usable polygon; `message` says which line and why. */
export class PolygonTextError extends Error {}

/** Close a ring of corners into a polygon. */
export function toPolygon(corners: readonly LonLat[]): PolygonGeometry {
  const ring = withoutClosing(corners);
  if (ring.length < 3) {
    throw new PolygonTextError(t("polygon.too_few", { count: ring.length }));
  }
  return { type: "Polygon", coordinates: [[...ring, ring[0]!]] };
}

function withoutClosing(corners: readonly LonLat[]): LonLat[] {
  const first = corners[0];
  const last = corners[corners.length - 1];
  const closed =
    corners.length > 1 && first![0] === last![0] && first![1] === last![1];
  return closed ? corners.slice(0, -1) : [...corners];
}

/** Corners as lines of text, seven decimals (a centimetre). */
export function formatCorners(corners: readonly LonLat[]): string {
  return corners.map(([lon, lat]) => `${lon.toFixed(7)}, ${lat.toFixed(7)}`).join("\n");
}

/** Every position of a polygon; a position that is no pair of numbers is refused. */
export function* positions(node: unknown): Generator<LonLat> {
  if (!Array.isArray(node)) throw new PolygonTextError(t("polygon.no_polygon"));
  if (typeof node[0] === "number") {
    if (typeof node[1] !== "number") {
      throw new PolygonTextError(t("polygon.no_polygon"));
    }
    yield [node[0], node[1]];
    return;
  }
  for (const child of node as unknown[]) yield* positions(child);
}

/** Any GeoJSON geometry, as far as its box is concerned. */
interface Shape {
  coordinates?: unknown;
  geometries?: readonly Shape[];
}

function* positionsOf(shape: Shape): Generator<LonLat> {
  for (const part of shape.geometries ?? []) yield* positionsOf(part);
  if (shape.coordinates !== undefined) yield* positions(shape.coordinates);
}

export type Bounds = [west: number, south: number, east: number, north: number];

/** The box around everything in a GeoJSON geometry, a collection's members included. */
export function boundsOf(geometry: Shape): Bounds {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of positionsOf(geometry)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** A box as a polygon. */
export function boxGeometry([west, south, east, north]: Bounds): {
  type: "Polygon";
  coordinates: [number, number][][];
} {
  return {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}
