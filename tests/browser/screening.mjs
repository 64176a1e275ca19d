// What an officer does on the screening page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { checkAccessibility } from "./accessibility.mjs";

const PLOT = "4101821000001";
const PARCEL = "999901001001GB00001";

/** Order a run by the form; wait until it is done. */
async function order(visit, kind, fill) {
  const { page } = visit;
  await page.goto("/screening");
  await page.selectOption("#order-kind", kind);
  await fill(page);
  await page.click("#order-button");
  await page.waitForURL(/\/screening\?run=/);
  // However fast the worker is: the page tells what is under way, or the end of it.
  await page.waitForSelector("#progress, .run-table");
  await page.waitForSelector(".run-table tbody tr", { timeout: 60_000 });
}

async function download(visit, form) {
  const fetched = visit.page.waitForEvent("download");
  await visit.page.click(`#run button:has-text("${form}")`);
  const file = await fetched;
  return [file.suggestedFilename(), await readFile(await file.path())];
}

/** On a phone a row is a card: nothing is looked for by scrolling sideways. */
async function assertReadDownwards({ page }, name) {
  if (page.viewportSize().width > 400) return;
  const beyond = await page
    .locator(".run-scroll")
    .evaluateAll((frames) => frames.map((one) => one.scrollWidth - one.clientWidth));
  assert.ok(Math.max(0, ...beyond) === 0, `${name} scrolls sideways by ${beyond}`);
  const heads = await page.locator(".run-table td:visible").evaluateAll((all) => all.map((one) => one.dataset.head));
  assert.ok(!heads.includes(undefined), `${name} has a value without its head`);
}

function shooter(visit, shots) {
  return async (name) => {
    if (shots) await visit.page.screenshot({ path: `${shots}-${name}.png`, fullPage: true });
  };
}

export async function screens_receptors_by_form(visit, { keys, language, map, shots }) {
  const { page } = visit;
  const shoot = shooter(visit, shots);
  await visit.signIn(keys.registrar);
  await page.goto("/screening");
  await page.waitForSelector("#order-kind");
  await checkAccessibility(visit, "the form");
  assert.ok((await visit.overflow()) <= 0, "the form is too wide");
  await shoot("form");
  await order(visit, "receptors", async () => {
    await page.fill("#order-plots", PLOT);
    await page.fill("#order-radius_m", "600");
  });
  const county = language === "en" ? "Model county 999901 999901" : "净土示范县 999901";
  await page.locator("#run .facts dd", { hasText: county }).waitFor();
  await page.locator(".run-table td", { hasText: county }).first().waitFor();
  const table = await visit.text(".run-table");
  assert.match(table, /示范小学/);
  assert.match(table, language === "en" ? /within the search radius/ : /在搜索半径内/);
  const state = language === "en" ? /Done/i : /完成/;
  assert.match(await visit.text("#run .upload-line"), state);
  await page.click("#run details summary");
  assert.match(await visit.text("#run details"), /600/);
  if (map === "yes") {
    await visit.mapDrawn();
    await page.click(".run-table tbody tr");
    await page.waitForSelector(".run-table tr.is-chosen");
    await visit.mapDrawn();
  }
  await checkAccessibility(visit, "a result");
  assert.ok((await visit.overflow()) <= 0, "a result is too wide");
  await shoot("result");
  const [name, content] = await download(visit, "GeoJSON");
  assert.match(name, /^jingtu-receptors-.*\.geojson$/);
  const { features } = JSON.parse(content.toString());
  assert.ok(features.some((one) => one.properties.code === "S1"));
  const [, workbook] = await download(visit, "XLSX");
  assert.equal(workbook.subarray(0, 2).toString(), "PK");
  const [, report] = await download(visit, "PDF");
  assert.equal(report.subarray(0, 4).toString(), "%PDF");
  await page.click("#back");
  await page.waitForSelector("#runs li");
  await page.goBack();
  await page.waitForSelector(".run-table tbody tr");
}

/** A long reason is cut until its row is chosen, which needs no mouse. */
async function showsReasonByKeyboard(page) {
  const line = page.locator(".run-table tbody tr", { has: page.locator(".is-long .reason") }).first();
  const isCut = () =>
    line.locator(".reason").last().evaluate((one) => one.scrollHeight > one.clientHeight + 1);
  assert.ok(await isCut(), "the reason fills the table");
  await line.locator(".row-number").press("Enter");
  assert.match(await line.getAttribute("class"), /is-chosen/);
  assert.ok(!(await isCut()), "the chosen row does not show all of its reason");
}

export async function checks_a_site_by_form(visit, { keys, language, shots }) {
  const { page } = visit;
  const shoot = shooter(visit, shots);
  await visit.signIn(keys.registrar);
  // What is missing is told beside the form, and nothing is ordered.
  await page.goto("/screening");
  await page.selectOption("#order-kind", "siting");
  await page.fill("#order-industry_code", "3212");
  await page.click("#order-button");
  await page.waitForSelector("#order .problem");
  assert.match(page.url(), /\/screening$/);
  await order(visit, "siting", async () => {
    await page.fill("#order-industry_code", "3212");
    await page.fill("#order-parcels", PARCEL);
  });
  const table = await visit.text(".run-table");
  assert.match(table, /E03/);
  const ring = language === "en" ? /sensitive receptors \(BUF_SITING_RECEPTOR\)/ : /选址与敏感目标的距离（BUF_SITING_RECEPTOR）/;
  assert.match(table, ring);
  // The redline has no data in this register: its rule is open, never free.
  assert.match(table, language === "en" ? /cannot be judged/i : /不能判断/);
  await showsReasonByKeyboard(page);
  await checkAccessibility(visit, "a site");
  assert.ok((await visit.overflow()) <= 0, "a site is too wide");
  await assertReadDownwards(visit, "a site");
  await shoot("site");
}

export async function draws_a_site_on_the_map(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  await page.goto("/screening");
  await visit.mapDrawn();
  await page.selectOption("#order-kind", "siting");
  await page.fill("#order-industry_code", "3212");
  await page.click("#order-area");
  await page.waitForSelector("#draw-bar:not([hidden])");
  for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.55, 0.55]]) {
    await page.mouse.click(...(await visit.onMap(x, y)));
  }
  await page.click("#draw-finish");
  await page.waitForSelector("#draw-bar", { state: "hidden" });
  await page.click("#order-button");
  await page.waitForSelector(".run-table tbody tr", { timeout: 60_000 });
  assert.match(await visit.text(".run-table"), /E03/);
}

export async function confirms_a_candidate(visit, { keys, language, shots }) {
  const { page } = visit;
  const shoot = shooter(visit, shots);
  await visit.signIn(keys.registrar);
  await order(visit, "cross_screening", async () => {});
  const row = page.locator(".run-table tbody tr", { hasText: "示范废渣堆场" });
  assert.match(await row.innerText(), /GB 15618-2018/);
  assert.ok(await page.locator("#confirm").isDisabled(), "nothing is ticked yet");
  const box = row.locator("input[type=checkbox]");
  await box.check();
  assert.ok(await page.locator("#confirm").isEnabled());
  await box.uncheck();
  assert.ok(await page.locator("#confirm").isDisabled(), "what was ticked is not");
  await box.check();
  await page.fill("#confirm-due", "2030-06-30");
  await checkAccessibility(visit, "candidates");
  assert.ok((await visit.overflow()) <= 0, "candidates are too wide");
  await assertReadDownwards(visit, "candidates");
  await shoot("ticked");
  await page.click("#confirm");
  const link = page.locator("#run a[href='/tasks']");
  await link.waitFor();
  // Confirmed again the same task is told, and no second one is opened.
  await page.click("#confirm");
  await link.waitFor();
  await shoot("confirmed");
  await link.click();
  const title = language === "en" ? /Rectify: .*over the screening value/ : /整改：.*超过筛选值/;
  const task = page.locator(".task", { hasText: "示范废渣堆场" });
  const shown = page.locator(".task[data-task]");
  await shown.first().waitFor();
  // Other tests leave more tasks than a page: go on as a reader would.
  while ((await task.count()) === 0) {
    const before = await shown.count();
    await page.click("#tasks-more", { timeout: 20_000 });
    await shown.nth(before).waitFor();
  }
  assert.match(await task.first().innerText(), title);
}

/** Each kind's form and its run, as wide as the window and no wider. */
export async function looks_at_every_kind(visit, { keys, shots }) {
  const { page } = visit;
  const shoot = shooter(visit, shots);
  await visit.signIn(keys.registrar);
  await page.goto("/screening");
  await page.waitForSelector("#order-kind");
  const kinds = await page.locator("#order-kind option").evaluateAll((all) => all.map((one) => one.value));
  assert.ok(kinds.length >= 9);
  for (const kind of kinds) {
    await page.selectOption("#order-kind", kind);
    assert.ok((await visit.overflow()) <= 0, `the form of ${kind} is too wide`);
    await checkAccessibility(visit, `the form of ${kind}`);
    await shoot(`form-${kind}`);
  }
  const given = {
    overlay: async () => {
      await page.selectOption("#order-left", "parcel");
      await page.selectOption("#order-right", "plot");
    },
    upstream: async () => {},
    attention: async () => {},
    enterprise_surroundings: async () => {},
    water_source_risk: async () => {},
  };
  for (const [kind, fillIn] of Object.entries(given)) {
    await page.goto("/screening");
    await page.selectOption("#order-kind", kind);
    await fillIn();
    await page.click("#order-button");
    await page.waitForURL(/\/screening\?run=/);
    await page.waitForSelector(".run-table tbody tr, #run .empty", { timeout: 60_000 });
    assert.ok((await visit.overflow()) <= 0, `a run of ${kind} is too wide`);
    await assertReadDownwards(visit, `a run of ${kind}`);
    await checkAccessibility(visit, `a run of ${kind}`);
    await shoot(`run-${kind}`);
  }
}

export async function may_not_order_a_run(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.auditor);
  await page.goto("/screening");
  await page.waitForSelector("#runs li, #runs .empty");
  assert.equal(await page.locator("#order").count(), 0);
}

/** Six points of zinc that grows to the east, of a division no other scenario screens. */
async function fillSoil({ url, keys }, round) {
  const put = async (path, body) => {
    const answer = await fetch(`${url}/v1${path}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${keys.admin}`, "Content-Type": "application/json" },
      body: JSON.stringify({ division_code: "999901", valid_from: "2020-01-01", ...body }),
    });
    assert.equal(answer.status, 201, await answer.text());
  };
  for (let number = 0; number < 6; number += 1) {
    const [east, north] = [number % 3, Math.floor(number / 3)];
    const code = `插值点${round}${number}`;
    const coordinates = [114.02 + 0.002 * east, 34.63 + 0.002 * north];
    await put("/monitoring-points", { code, medium: "soil", geometry: { type: "Point", coordinates } });
    const result = { point_code: code, sample_code: round, campaign: round, sampled_on: "2020-05-01" };
    await put("/samples", { ...result, code: `${code}锌`, analyte: "Zn", value: 50 + 10 * east, unit: "mg/kg" });
  }
}

/** Brightness (0 to 255) of the map west and east of its middle. */
async function coloursOfMap(visit) {
  const { width, height, data } = await visit.pictureOfMap();
  return [0.3, 0.7].map((share) => {
    const left = Math.floor(width * share) - 5;
    const top = Math.floor(height / 2) - 5;
    let sum = 0;
    for (let y = top; y < top + 10; y += 1) {
      for (let x = left; x < left + 10; x += 1) {
        const place = 4 * (y * width + x);
        sum += data[place] + data[place + 1] + data[place + 2];
      }
    }
    return sum / 300;
  });
}

export async function sees_a_surface_on_the_map(visit, options) {
  const { page } = visit;
  const { keys, language, shots } = options;
  const round = `锌${language}`;
  await fillSoil(options, round);
  await visit.signIn(keys.registrar);
  await order(visit, "surface", async () => {
    await page.selectOption("#order-item", "Zn");
    await page.fill("#order-round", round);
    await page.fill("#order-cell_m", "20");
  });
  await page.locator("#surface .surface-keys li").first().waitFor();
  const steps = await page.locator("#surface .surface-keys li").allInnerTexts();
  assert.equal(steps.length, 5);
  assert.match(steps.join(", "), /^50 .* (69\.9|70)$/);
  assert.deepEqual(await page.locator("#surface-band option").count(), 1, "no error is known");
  await checkAccessibility(visit, "a surface");
  assert.ok((await visit.overflow()) <= 0, "a surface is too wide");
  await visit.mapDrawn();
  await page.click("#legend summary");
  const explained = await page.locator("#legend-surface li").allInnerTexts();
  assert.deepEqual(explained, steps, "the map's legend says the same");
  await shooter(visit, shots)("surface");
  await page.click("#legend summary");
  const [west, east] = await coloursOfMap(visit);
  assert.ok(west > east + 40, `pale ${west} in the west, dark ${east} in the east`);
  await page.click("#back");
  await page.waitForURL(/\/screening$/);
  await visit.mapDrawn();
  assert.equal(await page.locator("#legend-surface").count(), 0);
  const [left, right] = await coloursOfMap(visit);
  assert.ok(Math.abs(left - right) <= 40, `${left} and ${right}: the surface is still drawn`);
}
