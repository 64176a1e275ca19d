// Can everyone use what the page shows? Checked by axe, state by state.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** Check a state of the page against WCAG 2.2 A and AA with axe. */
export async function checkAccessibility(visit, state) {
  const path = new URL("../../app/frontend/node_modules/axe-core/axe.min.js", import.meta.url);
  await visit.page.evaluate(readFileSync(path, "utf8"));
  const faults = await visit.page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await globalThis.axe.run(document, {
      runOnly: tags,
      rules: { "page-has-heading-one": { enabled: true } },
    });
    return found.violations.map(
      (fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`,
    );
  });
  assert.deepEqual(faults, [], state);
}
