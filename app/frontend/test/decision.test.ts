import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { useCatalogue } from "../src/core/catalogue";
import { changesOf } from "../src/query/compare";
import { differenceText } from "../src/query/decision-view";
import { canBeLocated, categoryText } from "../src/query/evidence";
import type { Decision, Evidence } from "../src/query/types";

beforeEach(() =>
  useCatalogue("en", {
    "ask.no": "no",
    "ask.yes": "yes",
    "category.safe_use": "safe use",
    "certificate.industry": "{code} (GB/T 4754{edition})",
    "certificate.label.none": "none",
    "compare.outcome": "Outcome",
    "compare.rule": "{rule} {title}",
    "decision.difference": "{fact}: registered {recorded}, declared {declared}.",
    "document_type.initial_survey": "initial survey report",
    "format.list_separator": ", ",
    "outcome.deny": "denied",
    "parcel.class_of": "{class} ({scheme})",
    "scheme.gbt21010_2017": "GB/T 21010-2017",
    "use.gbt21010_2017.0601": "industrial land",
    "use.gbt21010_2017.1001": "railway land",
  }),
);

test("a difference names classes of land as a certificate does", () => {
  const found = { fact: "Use", recorded: "gbt21010_2017 0601", declared: "gbt21010_2017 1001" };
  assert.equal(
    differenceText(found),
    "Use: registered 0601 industrial land (GB/T 21010-2017), declared 1001 railway land (GB/T 21010-2017).",
  );
});

test("a difference names industries, and says yes, no and none", () => {
  const industries = { fact: "former_industry", recorded: "–", declared: "1910, 2631" };
  assert.equal(
    differenceText(industries),
    "former_industry: registered none, declared 1910 (GB/T 4754), 2631 (GB/T 4754).",
  );
  const stated = { fact: "Supplied", recorded: "True", declared: "False" };
  assert.equal(differenceText(stated), "Supplied: registered yes, declared no.");
});

test("a rule that a later rule set no longer has is told as gone", () => {
  const decided = (...rules: string[]): Decision =>
    ({
      outcome: "deny",
      findings: rules.map((rule) => ({ rule, title: "T", outcome: "deny", status: "matched" })),
      conditions: [],
      missing_facts: [],
    }) as unknown as Decision;
  assert.deepEqual(changesOf(decided("A01", "A02"), decided("A01", "A03")), [
    { what: "A02 T", before: "denied", after: "–" },
    { what: "A03 T", before: "–", after: "denied" },
  ]);
});

test("a paper is told by its type and has no place on the map", () => {
  const piece = (theme: string, category: string | null): Evidence => ({
    theme,
    category,
    feature: "X-1",
    relation: "on",
    division_code: null,
    area_m2: null,
    share: null,
    distance_m: null,
  });
  const paper = piece("plot_document", "initial_survey");
  assert.equal(categoryText(paper), "initial survey report");
  assert.equal(canBeLocated(paper), false);
  assert.equal(categoryText(piece("farmland_unit", "safe_use")), "safe use");
  assert.equal(categoryText(piece("river", null)), "");
  assert.equal(canBeLocated(piece("river", null)), true);
});
