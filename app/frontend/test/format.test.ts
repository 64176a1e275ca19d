import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { t, term, useCatalogue, word } from "../src/core/catalogue";
import {
  areaM2,
  areaMu,
  day,
  distance,
  moment,
  parcelCodeParts,
  share,
  raised,
} from "../src/core/format";
import { usesNamed } from "../src/core/land-use";

beforeEach(() => useCatalogue("en", { "format.mu": "{value} mu", "theme.plot": "Plot" }));

test("areas keep two decimals and a thousands separator", () => {
  assert.equal(areaM2(1234.5), "1,234.50 m²");
});

test("a mu is two thousand thirds of a square metre", () => {
  assert.equal(areaMu(2000 / 3), "1.00 mu");
});

test("an area far below a mu keeps four decimals", () => {
  assert.equal(areaMu(20), "0.0300 mu");
});

test("no area is nought mu", () => assert.equal(areaMu(0), "0.00 mu"));

test("a share is told in per cent", () => assert.equal(share(0.3826), "38.26%"));

test("a share never rounds to nothing or to all", () => {
  assert.equal(share(0.00001), "< 0.01%");
  assert.equal(share(0.99999), "> 99.99%");
  assert.equal(share(0), "0.00%");
  assert.equal(share(1), "100.00%");
});

test("distances change their unit at one kilometre", () => {
  assert.equal(distance(0), "0.00 m");
  assert.equal(distance(64.23), "64.2 m");
  assert.equal(distance(999.94), "999.9 m");
  assert.equal(distance(1000), "1.00 km");
});

test("a distance below a kilometre is never shown as one", () => {
  assert.equal(distance(999.96), "1.00 km");
});

test("times are told in Asia/Shanghai", () => {
  assert.equal(day("2026-01-01T17:00:00Z"), "2026-01-02");
  assert.equal(moment("2026-01-01T17:05:00Z"), "2026-01-02 01:05");
});

test("a date stays the date it is", () => assert.equal(day("2026-01-01"), "2026-01-01"));

test("a missing date is a dash", () => assert.equal(day(null), "–"));

test("a parcel code of 19 characters has five parts", () => {
  assert.deepEqual(parcelCodeParts("999901001001GB00001"), [
    "999901",
    "001",
    "001",
    "GB",
    "00001",
  ]);
});

test("any other code is left whole", () => {
  assert.deepEqual(parcelCodeParts("ABC"), ["ABC"]);
});

test("places in a text are filled; a place without a value stays", () => {
  useCatalogue("en", { "common.waiting": "{a} and {b}" });
  assert.equal(t("common.waiting", { a: 1 }), "1 and {b}");
});

test("a code without a word is shown as it is", () => {
  assert.equal(term("theme", "plot"), "Plot");
  assert.equal(term("theme", "flood_way"), "flood_way");
});

test("a title begins with a capital, pH stays as it is", () => {
  assert.deepEqual(["in progress", "pH", "待办"].map(raised), ["In progress", "pH", "待办"]);
});

test("a class of land that a record writes with its scheme is named", () => {
  useCatalogue("en", {
    "parcel.class_of": "{class} ({scheme})",
    "use.gbt21010_2017.0701": "Urban residential land",
    "scheme.gbt21010_2017": "GB/T 21010-2017",
  });
  const named = "Planned use 0701 Urban residential land (GB/T 21010-2017).";
  assert.equal(usesNamed("Planned use gbt21010_2017 0701."), named);
});

test("the class of a former use is told as the code of an industry", () => {
  useCatalogue("en", {
    "category.active": "In operation",
    "format.industry_code": "industry code (GB/T 4754) {code}",
  });
  const told = ["2614", "active", "other"].map((code) => word("category", code));
  assert.deepEqual(told, ["industry code (GB/T 4754) 2614", "In operation", "other"]);
});
