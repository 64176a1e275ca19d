// What an officer sees on the dashboard of indicators.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const YEAR = String(new Date().getFullYear());

async function put(options, path, body) {
  const answer = await fetch(`${options.url}/v1${path}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${options.keys.agriculture}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ division_code: "999901", valid_from: "2020-01-01", ...body }),
  });
  assert.equal(answer.status, 201, await answer.text());
}

/** Three units of polluted land: one with a measure, one without, one not proved. */
async function fillLand(options, mark) {
  const places = [
    ["safe_use", { measure: "lime", produce_samples: 10, produce_compliant: 10 }],
    ["strict_control", null],
    ["safe_use", { measure: "conditioner" }],
  ];
  for (const [index, [category, done]] of places.entries()) {
    const code = `指标单元${mark}${index}`;
    const [west, south] = [114.02 + 0.002 * index, 34.615 + 0.002 * mark];
    const ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]].map(([x, y]) => [
      west + 0.001 * x,
      south + 0.001 * y,
    ]);
    await put(options, "/farmland-units", {
      code,
      category,
      township_code: "999901003",
      geometry: { type: "Polygon", coordinates: [ring] },
    });
    const more = { unit_code: code, year: Number(YEAR), area_m2: 10_000, responsible_person: "李四", evidence: "验收单" };
    if (done) await put(options, "/farmland-measures", { code: `${code}措施`, ...more, ...done });
  }
}

/** On a phone a row is a card: each value says its own head. */
async function assertHeadsTold(page) {
  const heads = await page.locator(".dashboard-table td").evaluateAll((all) =>
    all.map((one) => getComputedStyle(one, "::before").content),
  );
  const told = heads.filter((one) => /^".+"$/.test(one));
  assert.equal(told.length, page.viewportSize().width < 960 ? heads.length : 0);
  assert.ok(heads.length > 0);
}

export async function reads_the_dashboard(visit, options) {
  const { page } = visit;
  const shoot = async (name) => {
    if (options.shots) await page.screenshot({ path: `${options.shots}-${name}.png`, fullPage: true });
  };
  const mark = Number(options.mark);
  await fillLand(options, mark);
  await visit.signIn(options.keys.agriculture);
  await page.goto(`/indicators?period=${YEAR}`);
  const card = page.locator("[data-rate=polluted_farmland_rate]");
  await card.waitFor();
  assert.match(await card.innerText(), /%/);
  assert.match(await card.innerText(), /环厅〔2020〕27号/);
  const marked = await card.locator(".target-list [lang=zh]").allTextContents();
  assert.equal(marked.includes("环厅〔2020〕27号"), options.language === "en");
  await checkAccessibility(visit, "dashboard");
  assert.ok((await visit.overflow()) <= 0, "the dashboard is too wide");
  if (options.width === "1440") {
    const buttons = page.locator("#filters .button-row > *");
    const tops = await buttons.evaluateAll((all) => all.map((one) => one.offsetTop));
    assert.equal(new Set(tops).size, 1, "the buttons are piled up");
  }

  await card.locator("[data-rows]").click();
  await page.locator("#rows tbody tr").first().waitFor();
  const rows = await visit.text("#rows");
  assert.match(rows, new RegExp(`指标单元${mark}1`));
  assert.match(rows, /李四/);

  if (options.width === "390") {
    const silent = await page.locator(".dashboard-table td").evaluateAll((cells) =>
      cells.filter((one) => ["none", '""'].includes(getComputedStyle(one, "::before").content)).length,
    );
    assert.equal(silent, 0, "figures on cards do not say what they are");
  }

  await page.fill("#keep-period", YEAR);
  await page.fill("#keep-reason", "测试修订");
  await page.click("#keep-button");
  await page.locator("#kept tbody tr").first().waitFor();
  await shoot("dashboard");
  assert.ok((await visit.overflow()) <= 0, "the rows are too wide");
  await assertHeadsTold(page);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#report-xlsx")]);
  assert.match(file.suggestedFilename(), /xlsx$/);
}

/** Far ahead, so that no decision of other scenarios meets it. */
export async function limits_approvals_and_lifts_it(visit, { keys, year, shots }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  await page.goto("/indicators");
  assert.equal(await page.inputValue("#restrict-county"), "999901", "the county is one's own");
  const enter = async (what, on) => {
    await page.selectOption("#restrict-what", what);
    await page.fill("#restrict-on", on);
    await page.fill("#restrict-reason", "优先保护类耕地减少");
    await page.fill("#restrict-document", `环限批〔${year}〕1号`);
    await page.click("#restrict-button");
  };
  const entered = (on) => page.locator("#restrictions tbody tr", { hasText: on });
  await enter("free", `${year}-01-31`);
  await page.locator("#restrict-problem .problem").waitFor();
  assert.equal(await entered(`${year}-01-31`).count(), 0, "what stands already is refused");

  await enter("limit", `${year}-02-01`);
  await entered(`${year}-02-01`).waitFor();
  assert.equal(await page.locator("#restrict-problem .problem").count(), 0);
  await enter("free", `${year}-03-01`);
  await entered(`${year}-03-01`).waitFor();
  const row = await entered(`${year}-02-01`).innerText();
  for (const said of ["999901", "优先保护类耕地减少", `环限批〔${year}〕1号`, "registrar"]) {
    assert.ok(row.includes(said), `${said} is not in ${row}`);
  }
  await checkAccessibility(visit, "limits to approvals");
  assert.ok((await visit.overflow()) <= 0, "the form is too wide");
  if (shots) await page.screenshot({ path: `${shots}.png`, fullPage: true });

  await page.context().clearCookies();
  await visit.signIn(keys.agriculture);
  await page.goto("/indicators");
  await entered(`${year}-02-01`).waitFor();
  assert.equal(await page.locator("#restrict").count(), 0, "agriculture limits nothing");
}

export async function asks_for_a_period_that_is_none(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.auditor);
  await page.goto("/indicators?period=2026-77");
  await page.locator("#figures .problem").waitFor();
  assert.equal(await page.locator("#keep").count(), 0, "an auditor keeps nothing");
}

/** Agriculture carries out what the registrar approved. */
async function puts_it_into_force(visit, options, id) {
  const { page } = visit;
  await page.context().clearCookies();
  await visit.signIn(options.keys.agriculture);
  await page.goto(`/screening?run=${id}`);
  await page.locator("#division-on").waitFor();
  await page.fill("#division-on", "2031-01-01");
  await page.fill("#division-reason", "年度动态调整");
  await page.fill("#division-evidence", "调查报告12号");
  await page.locator("#division form button").click();
  await page.locator("#division form").waitFor({ state: "detached" });
  assert.match(await visit.text("#division"), /2031-01-01/);
  assert.ok((await visit.overflow()) <= 0, "the division in force is too wide");
}

export async function sees_a_proposed_division(visit, options) {
  const { page } = visit;
  const headers = {
    Authorization: `Bearer ${options.keys.agriculture}`,
    "Content-Type": "application/json",
  };
  const body = JSON.stringify({ kind: "farmland_categories", parameters: {} });
  const order = { method: "POST", headers, body };
  const run = await (await fetch(`${options.url}/v1/screening/runs`, order)).json();
  await visit.signIn(options.keys.registrar);
  await page.goto(`/screening?run=${run.id}`);
  await page.locator("#division-document").waitFor();
  assert.equal(await page.locator("#division .legend-keys li").count(), 4, "a colour a category");
  await page.locator(".run-table tbody tr").first().waitFor();
  await visit.mapDrawn();
  const { data } = await visit.pictureOfMap();
  let marked = 0;
  for (let place = 0; place < data.length; place += 4) {
    marked += data[place] > 170 && data[place + 1] < 60 && data[place + 2] < 60;
  }
  assert.equal(marked, 0, "no piece is drawn as a fault");
  await page.fill("#division-document", "净政办〔2026〕12号");
  await page.locator("#division form button").click();
  await page.locator("#division form").waitFor({ state: "detached" });
  assert.match(await visit.text("#division"), /净政办〔2026〕12号/);
  assert.ok((await visit.overflow()) <= 0, "the division is too wide");
  await puts_it_into_force(visit, options, run.id);
  if (options.shots) await page.locator("#run").screenshot({ path: `${options.shots}.png` });
}
