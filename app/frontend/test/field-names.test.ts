import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsIn } from "../src/core/field-names";

test("a fault is looked for by its longest path, then without the outermost member", () => {
  assert.deepEqual(pathsIn(["declared", "former_use", "0"]), [
    "declared.former_use.0",
    "former_use.0",
    "declared.former_use",
    "former_use",
    "declared",
  ]);
});

test("the name of a parameter is its own path", () => {
  assert.deepEqual(pathsIn(["division"]), ["division"]);
});
