import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { beforeEach, test } from "node:test";
import { newIdempotencyKey } from "../src/core/api";
import { useCatalogue } from "../src/core/catalogue";
import { classesOf, classText, codeIn } from "../src/core/land-use";
import { Problem, toProblem } from "../src/core/problem";
import { nest } from "../src/query/nest";

// Browsers have `crypto`; Node 18 keeps it in a module.
if (!("crypto" in globalThis)) Object.assign(globalThis, { crypto: webcrypto });

beforeEach(() =>
  useCatalogue("en", {
    "problem.unexpected": "Unexpected",
    "problem.no_answer": "No answer",
    "use.ydyh_2023.07": "Residential",
    "use.ydyh_2023.0701": "Urban residential",
    "use.gbt21010_2017.01": "Arable",
  }),
);

test("paths become sections of the request", () => {
  const flat = { planned_use: 1, "project.type": "other", "project.build": "new" };
  assert.deepEqual(nest(flat), {
    planned_use: 1,
    project: { type: "other", build: "new" },
  });
});

test("nothing stated leaves no section behind", () => assert.deepEqual(nest({}), {}));

test("classes of one scheme are offered with their names", () => {
  assert.deepEqual(classesOf("ydyh_2023").map(classText), [
    "07 Residential",
    "0701 Urban residential",
  ]);
});

test("the code is read from what was typed or picked", () => {
  assert.equal(codeIn("0701 Urban residential"), "0701");
  assert.equal(codeIn(" r2 "), "R2");
  assert.equal(codeIn(""), "");
});

test("a class without a name bears that of the class above it", () => {
  const detailed = { scheme: "ydyh_2023", code: "070199" };
  assert.equal(classText(detailed), "070199 Urban residential");
});

test("a code of no class at all is shown alone", () => {
  assert.equal(classText({ scheme: "ydyh_2023", code: "99" }), "99");
});

test("a problem document keeps title, detail and the place of each fault", () => {
  const problem = new Problem(422, {
    title: "Not valid",
    detail: "Two faults.",
    errors: [
      { in: "body", pointer: "/subject", message: "missing", reason: "required" },
      { in: "query", parameter: "as_of", message: "no date", found: "x" },
    ],
  });
  assert.equal(problem.title, "Not valid");
  assert.deepEqual(problem.items, [
    { where: "/subject", message: "missing" },
    { where: "as_of", message: "no date" },
  ]);
});

test("an answer without a document is told as unexpected", () => {
  assert.equal(new Problem(502, {}).title, "Unexpected");
});

test("a failed connection is told as no answer", () => {
  assert.equal(toProblem(new TypeError("fetch failed")).title, "No answer");
});

test("other errors keep their message as detail", () => {
  const problem = toProblem(new Error("odd"));
  assert.deepEqual([problem.title, problem.detail], ["Unexpected", "odd"]);
});

test("keys of repetition are 128 bits and differ", () => {
  const keys = new Set(Array.from({ length: 100 }, newIdempotencyKey));
  assert.equal(keys.size, 100);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});
