/** Read a polygon from text: lines of coordinates in degrees or metres, or GeoJSON. */
import { t } from "../core/catalogue";
import { type Pair, planePolygon } from "./plane";
import {
  type AskedPolygon,
  type PolygonGeometry,
  PolygonTextError,
  positions,
  toPolygon,
} from "./polygon";

/** Between the two numbers of a pair, and between pairs; full-width marks too. */
const PAIR_MARKS = /[\s,\uff0c\u3001]+/;
const LINE_MARKS = /\r?\n|[;\uff1b]/;

/** Rough frame of the country; a pair outside it is swapped, plane or mistaken. */
const FRAME = { west: 73, east: 136, south: 3, north: 54 };

/** How the numbers are meant: degrees, or metres about a central meridian. */
export type Frame = "degrees" | { meridian: number | null };

/** Read a polygon as an officer types or pastes it. */
export function parsePolygonText(text: string, frame: Frame = "degrees"): AskedPolygon {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return { geometry: parseGeoJson(trimmed) };
  const pairs = parseLines(trimmed);
  if (frame !== "degrees") return planePolygon(pairs, frame.meridian);
  pairs.forEach(checkDegrees);
  return { geometry: toPolygon(pairs.map((pair) => pair.numbers)) };
}

function parseLines(text: string): Pair[] {
  const pairs: Pair[] = [];
  text.split(LINE_MARKS).forEach((line, index) => {
    if (line.trim()) pairs.push(parsePair(line, index + 1));
  });
  return pairs;
}

function parsePair(text: string, line: number): Pair {
  const numbers = text.trim().split(PAIR_MARKS).filter(Boolean).map(Number);
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) {
    throw new PolygonTextError(t("polygon.bad_line", { line }));
  }
  return { line, numbers: [numbers[0]!, numbers[1]!] };
}

function checkDegrees({ line, numbers: [lon, lat] }: Pair): void {
  if (inFrame(lon, lat)) return;
  if (inFrame(lat, lon)) {
    throw new PolygonTextError(t("polygon.swapped", { line, lon, lat }));
  }
  const plane = Math.abs(lon) > 180 || Math.abs(lat) > 180;
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
  let line = 0;
  for (const numbers of positions(geometry.coordinates)) {
    checkDegrees({ line: ++line, numbers });
  }
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
