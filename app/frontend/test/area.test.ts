import assert from "node:assert/strict";
import { test } from "node:test";
import { ringAreaM2 } from "../src/geo/area";
import type { LonLat } from "../src/geo/polygon";

function square(lon: number, lat: number, side: number): LonLat[] {
  return [
    [lon, lat],
    [lon + side, lat],
    [lon + side, lat + side],
    [lon, lat + side],
  ];
}

// Expected: geodesic areas of pyproj.Geod(a=6378137, rf=298.257222101), CGCS2000.
const CASES: [name: string, ring: LonLat[], m2: number][] = [
  ["a square of 0.001° in Henan", square(114, 34.6, 0.001), 10175.868432],
  ["a square of 0.01° in Hainan", square(109.5, 18.3, 0.01), 1170165.873082],
  ["a square of 0.002° in Heilongjiang", square(125, 50, 0.002), 31897.950135],
];

for (const [name, ring, expected] of CASES) {
  test(`the area of ${name} agrees with the geodesic one to 1e-6`, () => {
    assert.ok(Math.abs(ringAreaM2(ring) / expected - 1) < 1e-6);
  });
}

test("direction and first corner do not matter", () => {
  const ring = square(114, 34.6, 0.001);
  const turned = [...ring.slice(2), ...ring.slice(0, 2)].reverse();
  assert.ok(Math.abs(ringAreaM2(turned) - ringAreaM2(ring)) < 1e-4);
});

test("two corners have no area", () => {
  assert.equal(ringAreaM2(square(114, 34, 1).slice(0, 2)), 0);
});
