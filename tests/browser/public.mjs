// What anybody sees of the published registers, without signing in.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { checkAccessibility } from "./accessibility.mjs";

async function assertFits(visit, name, shots) {
  await checkAccessibility(visit, name);
  assert.ok((await visit.overflow()) <= 0, `${name} is too wide`);
  if (shots) await visit.page.screenshot({ path: `${shots}-${name}.png`, fullPage: true });
}

/** A visitor reads a register, saves it, and is told nothing that is not public. */
export async function reads_the_published_registers(visit, options) {
  const { page } = visit;
  const { published, hidden, shots } = options;
  await page.goto("/public");
  await page.locator('a[href="/public/risk-control-plots"]').first().waitFor();
  await assertFits(visit, "index", shots);
  await page.locator('a[href="/public/risk-control-plots"]').first().click();
  await page.waitForURL("**/public/risk-control-plots");
  const text = await page.locator("main").innerText();
  for (const told of published) assert.ok(text.includes(told), `${told} is public: ${text}`);
  for (const kept of hidden) assert.ok(!text.includes(kept), `${kept} is not public`);
  await assertFits(visit, "register", shots);
  const cut = await page
    .locator(".table-frame")
    .evaluate((frame) => frame.scrollWidth - frame.clientWidth);
  assert.ok(cut <= 0, `${cut} pixels of the register are cut off`);
  const marked = await page.locator("main [lang=zh]").allTextContents();
  for (const told of published) assert.equal(marked.includes(told), options.language === "en", told);

  const csv = page.locator('a[href*="file.csv"]').first();
  const [file] = await Promise.all([page.waitForEvent("download"), csv.click()]);
  const saved = await readFile(await file.path(), "utf8");
  for (const told of published) assert.ok(saved.includes(told), `${told} is in the file`);
  for (const kept of hidden) assert.ok(!saved.includes(kept), `${kept} is not in the file`);

  await page.goto("/public/negative-lists");
  const uses = await page.locator("main").innerText();
  const homes = options.language === "en" ? "Urban residential land 0701" : "城镇住宅用地 0701";
  assert.ok(uses.includes(published[0]) && uses.includes(homes), uses);
  await assertFits(visit, "negative", shots);
}

/** An outsider with a paper in hand finds the way from the sign-in page. */
export async function types_a_number_from_paper(visit, { shots }) {
  const { page } = visit;
  await page.goto("/sign-in");
  await page.click('a[href="/verify"]');
  await assertFits(visit, "number", shots);
  await page.fill("#verify-number", "jt-999901-20260101-  0000000000000000");
  await page.press("#verify-number", "Enter");
  await page.waitForURL("**/verify/jt-999901-20260101-0000000000000000");
  assert.match(await page.locator("main").innerText(), /没有该编号的意见书/);
  assert.equal(await page.inputValue("#verify-number"), "JT-999901-20260101-0000000000000000");
}
