/**
 * Plane coordinates as boundary-point lists (界址点成果表) give them: X is the
 * northing and comes first, Y the easting, in a 3-degree Gauss-Krüger zone of CGCS2000.
 * An easting of eight digits begins with the number of its zone. The service converts;
 * here only the zone is told.
 */
import { t } from "../core/catalogue";
import { type AskedPolygon, type LonLat, PolygonTextError, toPolygon } from "./polygon";

/** One pair of numbers and the line it stood in. */
export interface Pair {
  line: number;
  numbers: LonLat;
}

/** EPSG: zone 25 with its number before the easting is 4513, zone 45 is 4533. */
const PREFIXED = 4488;
const ZONES = { first: 25, last: 45 };
/** EPSG: 4534 is the zone of 75° E without a number, 4554 that of 135° E. */
const FIRST_PLAIN = 4534;
const FIRST_MERIDIAN = 75;

/** Northings of the country; eastings of a zone, its number left out. */
const NORTHING = { least: 300_000, most: 6_000_000 };
const EASTING = { least: 250_000, most: 750_000 };
const ZONE_STEP = 1_000_000;

/** Central meridians an officer can choose from, in degrees. */
export const MERIDIANS: readonly number[] = Array.from(
  { length: ZONES.last - ZONES.first + 1 },
  (_, step) => FIRST_MERIDIAN + 3 * step,
);

/** The meridian of the zone that a longitude lies in. */
export function meridianNear(longitude: number): number {
  return Math.min(Math.max(Math.round(longitude / 3) * 3, 75), 135);
}

/** Make a polygon of pairs X (north), Y (east); null takes the zone from Y. */
export function planePolygon(
  pairs: readonly Pair[],
  meridian: number | null,
): AskedPolygon {
  const zones = new Set(pairs.map((pair) => zoneOf(pair)));
  if (zones.size > 1) throw new PolygonTextError(t("polygon.two_zones"));
  const [zone = 0] = zones;
  const corners = pairs.map(({ numbers: [north, east] }) => [east, north] as const);
  return { geometry: toPolygon(corners), crs: `EPSG:${epsg(zone, meridian)}` };
}

/** The zone number in front of an easting, 0 where there is none. */
function zoneOf({ line, numbers: [north, east] }: Pair): number {
  const zone = Math.trunc(east / ZONE_STEP);
  const plain = east - zone * ZONE_STEP;
  const known = zone === 0 || (zone >= ZONES.first && zone <= ZONES.last);
  if (isNorthing(north) && known && isEasting(plain)) return zone;
  if (isNorthing(east) && isEasting(north % ZONE_STEP)) {
    throw new PolygonTextError(t("polygon.plane_swapped", { line }));
  }
  throw new PolygonTextError(t("polygon.not_plane", { line }));
}

function isNorthing(value: number): boolean {
  return value >= NORTHING.least && value <= NORTHING.most;
}

function isEasting(value: number): boolean {
  return value >= EASTING.least && value <= EASTING.most;
}

function epsg(zone: number, meridian: number | null): number {
  if (zone > 0) {
    if (meridian !== null && meridian !== zone * 3) {
      throw new PolygonTextError(t("polygon.zone_differs", { zone, meridian }));
    }
    return PREFIXED + zone;
  }
  if (meridian === null) throw new PolygonTextError(t("polygon.no_zone"));
  return FIRST_PLAIN + (meridian - FIRST_MERIDIAN) / 3;
}
