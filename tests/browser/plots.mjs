// What officers see of the plots: the list, one plot, and a correction by two of them.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const SUSPECTED = "4101821000002";

async function send(options, key, path, body) {
  const answer = await fetch(`${options.url}/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 201, await answer.text());
}

async function shoot(page, options, name) {
  if (options.shots) await page.screenshot({ path: `${options.shots}-${name}.png`, fullPage: true });
}

export async function reads_the_plots(visit, options) {
  const { page } = visit;
  await visit.signIn(options.keys.registrar);
  await page.goto("/plots");
  await page.locator("#plots tbody tr").first().waitFor();
  await page.selectOption("#filter-stage", "suspected");
  await page.click("#filter-button");
  await page.locator("#plots tbody tr", { hasText: SUSPECTED }).waitFor();
  assert.doesNotMatch(await visit.text("#plots"), /4101821000001/);
  await checkAccessibility(visit, "list of plots");
  assert.ok((await visit.overflow()) <= 0, "the list is too wide");
  await page.click("#plots-clear summary");
  const counted = page.locator("#plots-clear tbody tr", { hasText: options.language === "en" ? "Stage" : "阶段" });
  await counted.waitFor();
  assert.match(await counted.innerText(), /(\d+)\/\1/, "every plot has a stage");
  await checkAccessibility(visit, "what is clear of all plots");
  assert.ok((await visit.overflow()) <= 0, "the counts are too wide");
  await shoot(page, options, "list");
  const export_ = page.locator("[data-export=gpkg]");
  const [file] = await Promise.all([page.waitForEvent("download"), export_.click()]);
  assert.match(file.suggestedFilename(), /gpkg/);

  await send(options, options.keys.registrar, "/plot-documents", {
    code: `D-FILED-${options.language}`,
    division_code: "999901",
    plot_code: SUSPECTED,
    document_type: "initial_survey",
    dated_on: "2024-05-01",
    filed_nr_on: "2024-06-02",
    valid_from: "2024-05-01",
  });
  await page.goto(`/plots/${SUSPECTED}`);
  await page.locator("#plot .card").first().waitFor();
  const filed = options.language === "en" ? "natural resources 2024-06-02" : "自然资源 2024-06-02";
  await page.locator("#plot", { hasText: filed }).waitFor();
  assert.match(await visit.text("#plot"), /999901001001GB00004/, "the parcel it touches");
  assert.equal(await page.locator("#plot .problem").count(), 0);
  await checkAccessibility(visit, "a plot");
  assert.ok((await visit.overflow()) <= 0, "the plot is too wide");
  await shoot(page, options, "plot");
  await reads_the_five_inventories(page, options);
}

/** Each of the five has its tab; what is not on record is told as that. */
async function reads_the_five_inventories(page, { language }) {
  const tabs = page.locator("#plot [role=tab]");
  assert.equal(await tabs.count(), 5);
  await tabs.first().focus();
  await page.keyboard.press("ArrowRight");
  const shown = page.locator("#plot [role=tabpanel]:visible");
  assert.equal(await shown.count(), 1);
  const survey = language === "en" ? /initial survey · D-FILED-en · 2024-05-01/ : /D-FILED-zh · 2024-05-01/;
  assert.match(await shown.innerText(), survey);
  await page.keyboard.press("End");
  assert.match(await shown.innerText(), language === "en" ? /Not in the register/ : /登记库没有/);
}

/** What is planned on plots is asked of a register; their decisions are a run. */
export async function asks_what_is_planned_on_plots(visit, options) {
  const { page } = visit;
  await visit.signIn(options.keys.registrar);
  await page.goto("/plots");
  await page.locator("#plots tbody tr").first().waitFor();
  assert.ok(await page.locator("#filter-planned").isDisabled());
  await page.selectOption("#filter-list", "contaminated");
  await page.selectOption("#filter-planned", "sensitive");
  await page.click("#filter-button");
  await page.locator("#plots .empty, #plots tbody").first().waitFor();
  assert.equal(await page.locator("#plots .problem").count(), 0);
  assert.match(page.url(), /list=contaminated&planned=sensitive/);
  await checkAccessibility(visit, "a register by what is planned");
  assert.ok((await visit.overflow()) <= 0, "the filters are too wide");
  await shoot(page, options, "planned");
  await page.click("#plots-decisions");
  await page.waitForSelector("#order-kind");
  assert.equal(await page.inputValue("#order-kind"), "plot_decisions");
  await page.click("#order-button");
  await page.waitForSelector(".run-table tbody tr", { timeout: 60_000 });
  assert.ok((await visit.overflow()) <= 0, "the decisions about plots are too wide");
  await checkAccessibility(visit, "the decisions about plots");
  await shoot(page, options, "plot-decisions");
  const report = page.locator("#run button.button", { hasText: "XLSX" }).first();
  const [file] = await Promise.all([page.waitForEvent("download"), report.click()]);
  assert.match(file.suggestedFilename(), /plot-decisions-.*\.xlsx/);
}

/** The list of plots leads to the catalogue of shared data. */
export async function reads_the_catalogue_of_shared_data(visit, options) {
  const { page } = visit;
  await visit.signIn(options.keys.planner);
  await page.goto("/plots");
  await page.locator('a[href="/data-sets"]').click();
  await page.waitForURL("**/data-sets");
  assert.ok((await page.locator("#data-sets tbody tr").count()) > 25);
  await checkAccessibility(visit, "the catalogue");
  assert.ok((await visit.overflow()) <= 0, "the catalogue is too wide");
  await shoot(page, options, "data-sets");
}

/** More tasks than a page of them: the others are a press away, none twice. */
export async function reads_every_task_of_a_plot(visit, options) {
  const { page } = visit;
  const plot = "4101821000002";
  for (let number = 0; number < 103; number++) {
    await send(options, options.keys.registrar, "/tasks", {
      kind: "rectification",
      bureau: "EE",
      subject: { theme: "plot", code: plot },
      facts: { problem: `整改 ${number}` },
    });
  }
  await visit.signIn(options.keys.registrar);
  await page.goto(`/plots/${plot}`);
  const tasks = page.locator("#plot .task");
  await tasks.first().waitFor();
  assert.equal(await tasks.count(), 100);
  const more = page.locator("#plot [data-more]");
  await more.click();
  await more.waitFor({ state: "detached" });
  const told = await page.locator("#plot .task[data-task]").evaluateAll((found) =>
    found.map((one) => one.dataset.task),
  );
  assert.ok(told.length >= 103 && new Set(told).size === told.length, `${told.length}`);
}

export async function corrects_a_plot_by_two(visit, options) {
  const { page } = visit;
  const plot = await entered(options, "4101821000077");
  const wanted = { correction: "field", reason: "门牌有误", wrong_field: "address" };
  await proposes(visit, options, plot, { ...wanted, right_value: "净土路2号" });
  await page.locator("#plot", { hasText: "地址 → 净土路2号" }).waitFor();
  await shoot(page, options, "proposed");
  await approves(visit, options, plot, "field_corrected");
  await shoot(page, options, "corrected");
  assert.ok((await visit.overflow()) <= 0, "the corrected plot is too wide");
  assert.equal((await known(options, `plots/${plot}`)).address, "净土路2号");
}

export async function corrects_a_report_by_two(visit, options) {
  const { page } = visit;
  const plot = await entered(options, "4101821000078");
  const paper = "4101821000078-R1";
  await send(options, options.keys.registrar, "/plot-documents", {
    code: paper,
    plot_code: plot,
    division_code: "999901",
    document_type: "initial_survey",
    reviewed_on: "2024-02-01",
    review_outcome: "passed",
    soil_standard: "not_met",
    valid_from: "2024-02-02",
  });
  const wanted = { correction: "document", reason: "Typed wrongly", wrong_document: paper };
  const value = { wrong_field: "soil_standard", right_value: "met" };
  await proposes(visit, options, plot, { ...wanted, ...value });
  await page.locator("#plot", { hasText: `${paper} Soil-quality finding → ` }).waitFor();
  await shoot(page, options, "report-proposed");
  assert.equal((await known(options, `plot-documents/${paper}`)).soil_standard, "not_met");
  await approves(visit, options, plot, "document_corrected");
  await shoot(page, options, "report-corrected");
  assert.ok((await visit.overflow()) <= 0, "the plot with its report is too wide");
  assert.equal((await known(options, `plot-documents/${paper}`)).soil_standard, "met");
}

async function entered(options, plot) {
  await send(options, options.keys.registrar, "/plots", {
    plot_code: plot,
    division_code: "999901",
    name: "原化工厂地块",
    stage: "candidate",
    address: "净土路1号",
    valid_from: "2024-01-01",
    geometry: { type: "Point", coordinates: [114.03, 34.63] },
  });
  return plot;
}

async function proposes(visit, options, plot, values) {
  const { page } = visit;
  await visit.signIn(options.keys.registrar);
  await page.goto(`/plots/${plot}`);
  const step = page.locator("details[data-event=correction_proposed]");
  await step.locator("summary").click();
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#correction_proposed-${name}`);
    const choice = await field.evaluate((one) => one instanceof HTMLSelectElement);
    await (choice ? field.selectOption(value) : field.fill(value));
  }
  await step.locator("form button.is-main").click();
}

async function approves(visit, options, plot, event) {
  const { page } = visit;
  await page.context().clearCookies();
  await visit.signIn(options.keys.admin);
  await page.goto(`/plots/${plot}`);
  await page.locator(`[data-decide=${event}]`).click();
  const deciding = page.locator(`details[data-event=${event}]`);
  await deciding.locator("form button.is-main").click();
  await page.locator(`[data-decide=${event}]`).waitFor({ state: "detached" });
}

async function known(options, path) {
  const answer = await fetch(`${options.url}/v1/${path}`, {
    headers: { Authorization: `Bearer ${options.keys.registrar}` },
  });
  return answer.json();
}
