import assert from "node:assert/strict";
import { test } from "node:test";
import { useCatalogue } from "../src/core/catalogue";
import {
  boundsOf,
  formatCorners,
  parsePolygonText,
  PolygonTextError,
  toPolygon,
} from "../src/geo/polygon";

useCatalogue("en", {
  "polygon.too_few": "too few: {count}",
  "polygon.bad_line": "bad line {line}",
  "polygon.swapped": "swapped in line {line}",
  "polygon.plane": "plane in line {line}",
  "polygon.outside": "outside in line {line}",
  "polygon.no_polygon": "no polygon",
  "polygon.bad_json": "bad JSON",
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

function refuses(text: string, message: string): void {
  assert.throws(() => parsePolygonText(text), { message });
  assert.throws(() => parsePolygonText(text), PolygonTextError);
}

test("lines of longitude and latitude become a closed polygon", () => {
  assert.deepEqual(parsePolygonText("114, 34\n114.001, 34\n114, 34.001"), TRIANGLE);
});

test("a ring that is closed already stays as it is", () => {
  const text = "114 34\n114.001 34\n114 34.001\n114 34";
  assert.deepEqual(parsePolygonText(text), TRIANGLE);
});

test("full-width marks separate numbers and pairs as well", () => {
  const text = "114\uff0c34\uff1b114.001\uff0c34\uff1b114\uff0c34.001";
  assert.deepEqual(parsePolygonText(text), TRIANGLE);
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
  assert.deepEqual(parsePolygonText(JSON.stringify(TRIANGLE)), TRIANGLE);
});

test("the polygon of a feature, or of a collection of one, is taken", () => {
  const feature = { type: "Feature", properties: {}, geometry: TRIANGLE };
  const collection = { type: "FeatureCollection", features: [feature] };
  assert.deepEqual(parsePolygonText(JSON.stringify(feature)), TRIANGLE);
  assert.deepEqual(parsePolygonText(JSON.stringify(collection)), TRIANGLE);
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
  assert.deepEqual(parsePolygonText(text), TRIANGLE);
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
