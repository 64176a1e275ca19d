import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { beforeEach, test } from "node:test";
import { keyPerBody } from "../src/core/api";
import { useCatalogue } from "../src/core/catalogue";
import { fileSize } from "../src/core/format";
import { boundsOf, boxGeometry } from "../src/geo/polygon";
import { boundsOfMarks, collect, type Mark } from "../src/map/marks";

if (!("crypto" in globalThis)) Object.assign(globalThis, { crypto: webcrypto });

beforeEach(() => useCatalogue("en", {}));

test("sizes of files are read in the unit that fits", () => {
  assert.equal(fileSize(0), "0.0 kB");
  assert.equal(fileSize(8_151), "8.2 kB");
  assert.equal(fileSize(392_000_000), "392 MB");
  assert.equal(fileSize(999_600), "1.0 MB");
  assert.equal(fileSize(2_000_000_000), "2.0 GB");
  assert.equal(fileSize(5_000_000_000_000), "5,000 GB");
});

test("the same body is sent again under the same key, another under its own", () => {
  const keyOf = keyPerBody();
  const first = keyOf({ reason: "a" });
  assert.equal(keyOf({ reason: "a" }), first);
  assert.notEqual(keyOf({ reason: "b" }), first);
});

test("a box has the bounds it was made of", () => {
  assert.deepEqual(boundsOf(boxGeometry([1, 2, 3, 4])), [1, 2, 3, 4]);
});

test("bounds reach into collections and lines", () => {
  const point = { type: "Point", coordinates: [5, 6] };
  const line = { type: "LineString", coordinates: [[1, 9], [2, 8]] };
  assert.deepEqual(boundsOf({ geometries: [point, line] }), [1, 6, 5, 9]);
});

test("an error is drawn over a warning at the same place", () => {
  const mark = (id: string, tone: Mark["tone"]): Mark => ({
    id,
    tone,
    geometry: { type: "LineString", coordinates: [[1, 2], [3, 4]] },
  });
  const marks = [mark("e", "error"), mark("w", "warning"), mark("i", "info"), mark("n", "new")];
  const drawn = collect(marks).features.map((one) => one.properties?.["id"] as string);
  assert.deepEqual(drawn, ["n", "i", "w", "e", "n", "i", "w", "e"]);
});

test("marks are seen together", () => {
  const mark = (x: number, y: number): Mark => ({
    id: `${x}`,
    tone: "error",
    geometry: { type: "Point", coordinates: [x, y] },
  });
  assert.deepEqual(boundsOfMarks([mark(1, 5), mark(3, 2)]), [1, 2, 3, 5]);
  assert.equal(boundsOfMarks([]), null);
});
