import assert from "node:assert/strict";
import { test } from "node:test";
import { roomBeside, type Box } from "../src/map/room";

const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });
const EVEN = { top: 70, right: 70, bottom: 70, left: 70 };

test("what is looked for stands to the right of an open legend", () => {
  const padding = roomBeside(box(600, 50, 1440, 900), box(610, 500, 940, 890), 70);
  assert.deepEqual(padding, { ...EVEN, left: 410 });
});

test("above it where the map is too narrow beside it", () => {
  const padding = roomBeside(box(500, 50, 1000, 900), box(510, 500, 840, 890), 70);
  assert.deepEqual(padding, { ...EVEN, bottom: 470 });
});

test("in the middle where there is room for neither", () => {
  assert.deepEqual(roomBeside(box(0, 300, 390, 700), box(10, 380, 320, 690), 70), EVEN);
});

test("in the middle where the legend is folded, or stands below the map", () => {
  const map = box(0, 300, 900, 700);
  assert.deepEqual(roomBeside(map, box(10, 660, 160, 690), 70), EVEN);
  assert.deepEqual(roomBeside(map, box(0, 700, 390, 1000), 70), EVEN);
  assert.deepEqual(roomBeside(map, box(0, 0, 0, 0), 70), EVEN);
});
