/** A polygon as an officer types or pastes it: lines of coordinates, or GeoJSON. */
import { t } from "../core/catalogue";

export type LonLat = readonly [number, number];

export interface PolygonGeometry {
  type: "Polygon" | "MultiPolygon";
  coordinates: LonLat[][] | LonLat[][][];
}

/** The text holds no usable polygon; `message` says which line and why. */
export class PolygonTextError extends Error {}

/** Between the two numbers of a pair, and between pairs; full-width marks too. */
const PAIR_MARKS = /[\s,\uff0c\u3001]+/;
const LINE_MARKS = /\r?\n|[;\uff1b]/;

/** Rough frame of the country; a pair outside it is swapped, plane or mistaken. */
const FRAME = { west: 73, east: 136, south: 3, north: 54 };

/** Read a polygon from text: GeoJSON, or one `longitude, latitude` pair a line. */
export function parsePolygonText(text: string): PolygonGeometry {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return parseGeoJson(trimmed);
  return toPolygon(parseLines(trimmed));
}

/** Close a ring of corners into a polygon. */
export function toPolygon(corners: readonly LonLat[]): PolygonGeometry {
  const ring = withoutClosing(corners);
  if (ring.length < 3) {
    throw new PolygonTextError(t("polygon.too_few", { count: ring.length }));
  }
  return { type: "Polygon", coordinates: [[...ring, ring[0]!]] };
}

/** The outer ring of a polygon as lines of text, without the closing pair. */
export function formatCorners(corners: readonly LonLat[]): string {
  return corners.map(([lon, lat]) => `${lon.toFixed(7)}, ${lat.toFixed(7)}`).join("\n");
}

function withoutClosing(corners: readonly LonLat[]): LonLat[] {
  const first = corners[0];
  const last = corners[corners.length - 1];
  const closed =
    corners.length > 1 && first![0] === last![0] && first![1] === last![1];
  return closed ? corners.slice(0, -1) : [...corners];
}

function parseLines(text: string): LonLat[] {
  const pairs: LonLat[] = [];
  text.split(LINE_MARKS).forEach((line, index) => {
    if (line.trim()) pairs.push(parsePair(line, index + 1));
  });
  return pairs;
}

function parsePair(line: string, number: number): LonLat {
  const numbers = line.trim().split(PAIR_MARKS).filter(Boolean).map(Number);
  if (numbers.length !== 2 || numbers.some((value) => !Number.isFinite(value))) {
    throw new PolygonTextError(t("polygon.bad_line", { line: number }));
  }
  return checkPair([numbers[0]!, numbers[1]!], number);
}

function checkPair(pair: LonLat, line: number): LonLat {
  const [lon, lat] = pair;
  if (inFrame(lon, lat)) return pair;
  if (inFrame(lat, lon)) {
    throw new PolygonTextError(t("polygon.swapped", { line, lon, lat }));
  }
  const plane = Math.abs(lon) > 180 || Math.abs(lat) > 90;
  const key = plane ? "polygon.plane" : "polygon.outside";
  throw new PolygonTextError(t(key, { line, lon, lat }));
}

function inFrame(lon: number, lat: number): boolean {
  return (
    lon >= FRAME.west && lon <= FRAME.east && lat >= FRAME.south && lat <= FRAME.north
  );
}

function parseGeoJson(text: string): PolygonGeometry {
  const geometry = findGeometry(parseJson(text));
  if (!geometry) throw new PolygonTextError(t("polygon.no_polygon"));
  let place = 0;
  for (const pair of positions(geometry)) checkPair(pair, ++place);
  return geometry;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolygonTextError(t("polygon.bad_json"));
  }
}

/** The polygon of a geometry, a feature, or a collection of exactly one feature. */
function findGeometry(value: unknown): PolygonGeometry | null {
  if (typeof value !== "object" || value === null) return null;
  const node = value as Record<string, unknown>;
  const features = node["features"];
  if (Array.isArray(features)) {
    return features.length === 1 ? findGeometry(features[0]) : null;
  }
  if (node["type"] === "Feature") return findGeometry(node["geometry"]);
  const isPolygon = node["type"] === "Polygon" || node["type"] === "MultiPolygon";
  return isPolygon && Array.isArray(node["coordinates"])
    ? ({ type: node["type"], coordinates: node["coordinates"] } as PolygonGeometry)
    : null;
}

/** Every position of a polygon; a position that is no pair of numbers is refused. */
export function* positions(geometry: PolygonGeometry): Generator<LonLat> {
  yield* walk(geometry.coordinates);
}

function* walk(node: unknown): Generator<LonLat> {
  if (!Array.isArray(node)) throw new PolygonTextError(t("polygon.no_polygon"));
  if (typeof node[0] === "number") {
    if (typeof node[1] !== "number") {
      throw new PolygonTextError(t("polygon.no_polygon"));
    }
    yield [node[0], node[1]];
    return;
  }
  for (const child of node as unknown[]) yield* walk(child);
}

export type Bounds = [west: number, south: number, east: number, north: number];

/** The box around everything in a GeoJSON geometry. */
export function boundsOf(geometry: { coordinates: unknown }): Bounds {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of walk(geometry.coordinates)) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}
