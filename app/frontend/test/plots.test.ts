import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { useCatalogue } from "../src/core/catalogue";
import { industryText } from "../src/plots/record";

beforeEach(() =>
  useCatalogue("en", { "plots.industry": "Code {code} (GB/T 4754-{edition}, {from} to {to})" }),
);

test("a former industry is told by class, edition and years", () => {
  assert.equal(industryText("2017:1310:1993-2017"), "Code 1310 (GB/T 4754-2017, 1993 to 2017)");
});

test("an industry that was written otherwise is told as it is", () => {
  for (const kept of ["1310", "2017:1310", "电镀"]) assert.equal(industryText(kept), kept);
});
