import assert from "node:assert/strict";
import { test } from "node:test";
import { useCatalogue } from "../src/core/catalogue";
import { meridianNear } from "../src/geo/plane";
import {
  boundsOf,
  formatCorners,
  PolygonTextError,
  toPolygon,
} from "../src/geo/polygon";
import { type Frame, parsePolygonText } from "../src/geo/polygon-text";

useCatalogue("en", {
  "polygon.too_few": "too few: {count}",
  "polygon.bad_line": "bad line {line}",
  "polygon.swapped": "swapped in line {line}",
  "polygon.plane": "plane in line {line}",
  "polygon.outside": "outside in line {line}",
  "polygon.no_polygon": "no polygon",
  "polygon.bad_json": "bad JSON",
  "polygon.plane_swapped": "plane swapped in line {line}",
  "polygon.not_plane": "not plane in line {line}",
  "polygon.two_zones": "two zones",
  "polygon.no_zone": "no zone",
  "polygon.zone_differs": "zone {zone}, not {meridian}",
});

const TRIANGLE = {
  type: "Polygon",
  coordinates: [
    [
      [114, 34],
      [114.001, 34],
      [114, 34.001],
      [114, 34],
    ],
  ],
};

const BY_PREFIX: Frame = { meridian: null };

function refuses(text: string, message: string, frame: Frame = "degrees"): void {
  assert.throws(() => parsePolygonText(text, frame), { message });
  assert.throws(() => parsePolygonText(text, frame), PolygonTextError);
}

function read(text: string): unknown {
  return parsePolygonText(text).geometry;
}

test("lines of longitude and latitude become a closed polygon", () => {
  assert.deepEqual(read("114, 34\n114.001, 34\n114, 34.001"), TRIANGLE);
});

test("a ring that is closed already stays as it is", () => {
  const text = "114 34\n114.001 34\n114 34.001\n114 34";
  assert.deepEqual(read(text), TRIANGLE);
});

test("full-width marks separate numbers and pairs as well", () => {
  const text = "114\uff0c34\uff1b114.001\uff0c34\uff1b114\uff0c34.001";
  assert.deepEqual(read(text), TRIANGLE);
});

test("blank lines are skipped but count for the line number", () => {
  refuses("114,34\n\n114,x\n", "bad line 3");
});

test("two corners are too few", () => refuses("114,34\n115,34", "too few: 2"));

test("no text at all is too few corners", () => refuses("", "too few: 0"));

test("three numbers in a line are refused", () => refuses("114,34,5", "bad line 1"));

test("swapped coordinates are named as such", () => {
  refuses("34,114\n34,115\n35,114", "swapped in line 1");
});

test("plane coordinates are named as such", () => {
  refuses("38500000,3830000\n38500001,3830000\n1,1", "plane in line 1");
});

test("a place outside the country is refused", () => {
  refuses("10,50\n11,50\n10,51", "outside in line 1");
});

test("a GeoJSON polygon is taken as it is", () => {
  assert.deepEqual(read(JSON.stringify(TRIANGLE)), TRIANGLE);
});

test("the polygon of a feature, or of a collection of one, is taken", () => {
  const feature = { type: "Feature", properties: {}, geometry: TRIANGLE };
  const collection = { type: "FeatureCollection", features: [feature] };
  assert.deepEqual(read(JSON.stringify(feature)), TRIANGLE);
  assert.deepEqual(read(JSON.stringify(collection)), TRIANGLE);
});

test("a collection of two features is refused", () => {
  const feature = { type: "Feature", properties: {}, geometry: TRIANGLE };
  const two = { type: "FeatureCollection", features: [feature, feature] };
  refuses(JSON.stringify(two), "no polygon");
});

test("GeoJSON that is no polygon is refused", () => {
  refuses('{"type":"Point","coordinates":[114,34]}', "no polygon");
  refuses('{"type":"Polygon","coordinates":[[["a","b"]]]}', "no polygon");
  refuses('{"type":"Polygon","coordinates":[[[114,"b"]]]}', "no polygon");
});

test("text that only begins like JSON is refused", () => refuses("{", "bad JSON"));

test("corners are written with seven decimals and read back", () => {
  const text = formatCorners([
    [114, 34],
    [114.001, 34],
    [114, 34.001],
  ]);
  assert.equal(text.split("\n")[0], "114.0000000, 34.0000000");
  assert.deepEqual(read(text), TRIANGLE);
});

test("the box around a multipolygon holds every part", () => {
  const far = toPolygon([
    [115, 35],
    [115.5, 35],
    [115, 36],
  ]);
  const both = { coordinates: [TRIANGLE.coordinates, far.coordinates] };
  assert.deepEqual(boundsOf(both), [114, 34, 115.5, 36]);
});

const PREFIXED = "3830000 38500000\n3830000 38500100\n3830100 38500000";
const PLAIN = "3830000 500000\n3830000 500100\n3830100 500000";

test("X and Y become east and north in the zone that Y names", () => {
  const { geometry, crs } = parsePolygonText(PREFIXED, BY_PREFIX);
  assert.equal(crs, "EPSG:4526");
  assert.deepEqual((geometry.coordinates[0] as unknown[])[1], [38500100, 3830000]);
});

test("without a zone number the meridian that was chosen names the zone", () => {
  assert.equal(parsePolygonText(PLAIN, { meridian: 114 }).crs, "EPSG:4547");
  assert.equal(parsePolygonText(PLAIN, { meridian: 75 }).crs, "EPSG:4534");
  assert.equal(parsePolygonText(PLAIN, { meridian: 135 }).crs, "EPSG:4554");
});

test("without zone number and meridian the place is not known", () => {
  refuses(PLAIN, "no zone", BY_PREFIX);
});

test("a zone number that belongs to another meridian is refused", () => {
  refuses(PREFIXED, "zone 38, not 117", { meridian: 117 });
});

test("a zone number that agrees with the meridian is taken", () => {
  assert.equal(parsePolygonText(PREFIXED, { meridian: 114 }).crs, "EPSG:4526");
});

test("east before north is named as swapped", () => {
  refuses("38500000 3830000\n1 1", "plane swapped in line 1", BY_PREFIX);
  refuses("500000 3830000\n1 1", "plane swapped in line 1", { meridian: 114 });
});

test("two zones in one list are refused", () => {
  const mixed = "3830000 38500000\n3830000 38500100\n3830100 39500000";
  refuses(mixed, "two zones", BY_PREFIX);
});

test("degrees where metres are expected are refused", () => {
  refuses("114 34\n115 34\n115 35", "not plane in line 1", { meridian: 114 });
});

test("the meridian at hand is that of the division's zone", () => {
  assert.deepEqual([113.4, 113.6, 60, 140].map(meridianNear), [114, 114, 75, 135]);
  assert.equal(meridianNear(112.4), 111);
});
