// What a surveyor does with a file: send, watch, read its faults, compare, commit, revert.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { checkAccessibility } from "./accessibility.mjs";

const FIRST = "999901001001GB00101";
/** A parcel on the plot `4101821000001`. */
const LISTED = "999901001001GB00001";
const PATIENCE = { timeout: 60_000 };

/** Let go of a file over the drop zone, as a hand would. */
async function drop({ page }, path) {
  await page.evaluate(
    ([name, bytes]) => {
      const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([content], name));
      const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
      document.getElementById("drop").dispatchEvent(event);
    },
    [basename(path), readFileSync(path).toString("base64")],
  );
}

async function openUploads(visit, keys) {
  const { page } = visit;
  await visit.signIn(keys.surveyor);
  await page.click('.nav a[href="/uploads"]');
  await page.waitForSelector("#uploads > *");
}

/** Declare what these files do not state. */
async function declare({ page }) {
  await page.click("#send-more > summary");
  await page.selectOption("#systems", "4526");
  await page.selectOption("#send-encoding", "gb18030");
}

async function state({ page }, word) {
  await page.waitForFunction(
    (text) => document.querySelector("#upload .chip")?.textContent === text,
    word,
    PATIENCE,
  );
}

/** The status of a call of the page's own session. */
function statusOf({ page }, path) {
  return page.evaluate(async (asked) => (await fetch(asked)).status, path);
}

export async function takes_a_survey_the_whole_way(visit, { keys, faulty, fixed, map }) {
  const { page } = visit;
  const zooms = [];
  page.on("response", (response) => {
    const [, zoom] = response.url().match(/\/v1\/tiles\/parcel\/(\d+)\//) ?? [];
    if (zoom) zooms.push(Number(zoom));
  });
  await openUploads(visit, keys);
  await declare(visit);
  await drop(visit, faulty);
  await state(visit, "有错误");
  const kinds = await visit.text(".kinds");
  assert.match(kinds, /重叠/);
  assert.match(kinds, /编码重复/);

  await page.click('.kind:has-text("编码重复")');
  await page.waitForFunction(() => document.querySelectorAll(".issues tbody tr").length === 1);
  assert.match(await visit.text(".issues tbody"), /GB00103/);
  await page.click('.kind:has-text("重叠")');
  await page.waitForFunction(
    () => /重叠/.test(document.querySelector(".issues tbody")?.textContent ?? ""),
  );
  if (map === "yes") {
    await visit.mapDrawn();
    await page.click(".issues .pin");
    await visit.mapDrawn();
    assert.ok(Math.max(...zooms) >= 15, `the map stayed at ${Math.max(...zooms)}`);
    assert.equal(await page.locator('.issues tr[aria-current="true"]').count(), 1);
  }
  await page.click("#tab-commit");
  assert.ok(await page.locator("#commit-button").isDisabled(), "errors do not block");

  await page.click("#back");
  await page.waitForSelector("#drop");
  await page.waitForFunction(
    () => /有错误/.test(document.querySelector("#uploads")?.textContent ?? ""),
  );
  await drop(visit, fixed);
  await state(visit, "可入库");
  await page.click("#tab-changes");
  await page.waitForSelector(".differences li");
  assert.match(await visit.text(".table.sums"), /新增\s+5\s/);
  assert.equal(await statusOf(visit, `/v1/parcels/${FIRST}`), 404);

  await page.click("#tab-commit");
  const reason = page.locator("#commit-reason");
  if (await reason.count()) await reason.fill("与外业核对无误");
  await page.click("#commit-button");
  await state(visit, "已入库");
  assert.equal(await statusOf(visit, `/v1/parcels/${FIRST}`), 200);

  // The parcel's card names its county, and the file it came with.
  const upload = page.url();
  await page.goto(`/?parcel=${FIRST}`);
  const link = page.locator(".parcel-card a", { hasText: basename(fixed) });
  await link.waitFor();
  await page.locator(".parcel-card dd", { hasText: /^净土示范县 999901/ }).waitFor();
  await link.click();
  await state(visit, "已入库");
  assert.equal(page.url(), upload);
  await rowsNameTheirFile(visit, upload, basename(fixed));

  await page.click("details:has(#revert) > summary");
  await page.fill("#revert-reason", "误用旧版成果");
  await page.click("#revert-button");
  await state(visit, "已撤回");
  assert.equal(await statusOf(visit, `/v1/parcels/${FIRST}`), 404);
}

/** What came with a file names it wherever it stands: in an extract, in a plot's history. */
async function rowsNameTheirFile(visit, upload, filename) {
  const { page } = visit;
  const source = `upload:${new URL(upload).searchParams.get("upload")}`;
  const cameWithTheFile = async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/"source":\s*"[^"]*"/g, `"source":"${source}"`);
    await route.fulfill({ response: answer, body: text });
  };
  await page.route(/\/v1\/(parcels\/.*extract|plots\/[^/]*\/events)/, cameWithTheFile);
  await page.goto(`/?parcel=${LISTED}`);
  await page.locator("#panel-extract .item-code a", { hasText: filename }).first().waitFor();
  await page.goto("/plots/4101821000001");
  await page.locator(".timeline a", { hasText: filename }).first().waitFor();
  await page.unroute(/\/v1\/(parcels\/.*extract|plots\/[^/]*\/events)/, cameWithTheFile);
  await page.goto(upload);
  await state(visit, "已入库");
}

/** The pixels of the map that have about that colour: how many, and the box of them. */
async function seenOf(visit, colour) {
  const { width, data: bytes } = await visit.pictureOfMap();
  const found = { count: 0, west: Infinity, east: -1, north: Infinity, south: -1 };
  for (let i = 0; i < bytes.length; i += 4) {
    if (!colour.every((value, channel) => Math.abs(bytes[i + channel] - value) < 12)) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    found.count += 1;
    [found.west, found.east] = [Math.min(found.west, x), Math.max(found.east, x)];
    [found.north, found.south] = [Math.min(found.north, y), Math.max(found.south, y)];
  }
  return found;
}

async function pixelsOf(visit, colour) {
  return (await seenOf(visit, colour)).count;
}

const FILE_ROW = [0x5a, 0x3f, 0x8c];
const DIVISION_LINE = [0x4d, 0x3a, 0x5e];
/** The zone around 111°E, without its number in the easting; the county's is 114°E. */
const ZONE_WEST_OF_IT = "4546";

export async function sees_the_rows_around_a_fault(visit, { keys, folded }) {
  const { page } = visit;
  const given = [];
  page.on("response", async (response) => {
    if (!/\/rows\?/.test(response.url()) || !response.ok()) return;
    // Of a question that was given up meanwhile there is no answer.
    const page = await response.json().catch(() => null);
    if (page) given.push(page);
  });
  await openUploads(visit, keys);
  await declare(visit);
  await drop(visit, folded);
  await state(visit, "有错误");
  await visit.mapDrawn();

  await page.click('.kind:has-text("重叠")');
  await page.click(".issues .pin");
  await visit.mapDrawn();
  await page.waitForFunction(() => document.querySelector("#map")?.dataset.state === "idle");
  assert.deepEqual(given.at(-1).items.map((row) => row.row), [1, 2]);
  assert.ok((await pixelsOf(visit, FILE_ROW)) > 300, "no outline of a row is drawn");
  assert.equal(await page.locator(".rows-note p").count(), 0);

  await page.click('.kind:has-text("图形不合法")');
  await page.waitForFunction(() => document.querySelectorAll(".issues tbody tr").length === 1);
  await page.click(".issues .pin");
  await page.waitForSelector(".issues [aria-current] .rows-note p");
  assert.match(await visit.text(".rows-note"), /第 3 行.*不能使用/);

  await page.click("#tab-changes");
  await page.waitForSelector(".differences li");
  await visit.mapDrawn();
  assert.ok((await pixelsOf(visit, FILE_ROW)) < 100, "rows of the file are left on the map");
}

export async function watches_a_file_and_gives_it_up(visit, { keys, large }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await declare(visit);
  await page.setInputFiles("#send-files", large);
  await page.waitForSelector("#progress [role=status]", PATIENCE);
  assert.match(await visit.text("#progress"), /检查|读取|等待/);
  await page.click('button:has-text("撤销上传")');
  await state(visit, "已撤销");
  assert.equal(await page.locator("#progress").count(), 0);
  await page.click("#back");
  await page.waitForFunction(
    () => /已撤销/.test(document.querySelector("#uploads")?.textContent ?? ""),
  );
}

export async function confirms_what_was_guessed(visit, { keys, faulty }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await page.setInputFiles("#send-files", faulty);
  await state(visit, "待确认");
  const asked = await visit.text("#upload form");
  assert.match(asked, /文字编码/);
  assert.match(asked, /EPSG:4526/);
  assert.match(await visit.text(".samples"), /净土路101号/);
  await page.check('input[name="confirm-encoding"][value="utf-8"]');
  assert.doesNotMatch(await visit.text(".samples"), /净土路101号/);
  await page.check('input[name="confirm-encoding"][value="gb18030"]');
  assert.match(await visit.text(".samples"), /净土路101号/);
  await checkAccessibility(visit, "confirmation");
  assert.ok((await visit.overflow()) <= 0, "the confirmation is too wide");
  await page.click('#upload form button:has-text("确认并检查")');
  await state(visit, "有错误");
  await page.waitForSelector(".kinds");
}

export async function reads_a_guess_in_every_way(visit, { keys, unnumbered }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await page.setInputFiles("#send-files", unnumbered);
  await page.waitForSelector('[data-subject="crs"]', PATIENCE);
  await checkAccessibility(visit, "guess");
  assert.ok((await visit.overflow()) <= 0, "the guess is too wide");
  const heights = await page.locator(".choice .need").evaluateAll((marks) =>
    marks.map((mark) => mark.offsetHeight / parseFloat(getComputedStyle(mark).lineHeight)),
  );
  assert.ok(heights.length > 0 && heights.every((lines) => lines < 1.5), `${heights} lines`);
}

export async function sees_where_a_guess_puts_the_file(visit, { keys, unnumbered }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await page.setInputFiles("#send-files", unnumbered);
  await state(visit, "待确认");
  await visit.mapDrawn();
  const county = await seenOf(visit, DIVISION_LINE);
  const file = await seenOf(visit, FILE_ROW);
  assert.ok(county.count > 300, `${county.count} pixels of the county's boundary`);
  assert.ok(file.count > 100, `${file.count} pixels of the file's outline`);
  assert.ok(county.west < file.west && file.east < county.east, "the file is beside its county");
  assert.ok(county.north < file.north && file.south < county.south, "it is above or below");

  await page.check(`input[name="confirm-crs"][value="${ZONE_WEST_OF_IT}"]`);
  await visit.mapDrawn();
  await page.waitForFunction(() => document.querySelector("#map").dataset.state === "idle");
  const [there, here] = [await seenOf(visit, FILE_ROW), await seenOf(visit, DIVISION_LINE)];
  assert.ok(there.count > 10, "the file is not drawn in the other zone");
  assert.ok(here.count > 10, "its county is out of sight");
  assert.ok(there.east < here.west, "the other zone does not show where it puts the file");
}

export async function keeps_a_mapping_for_the_next_file(visit, { keys, fixed }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await declare(visit);
  await page.setInputFiles("#send-files", fixed);
  await page.waitForSelector("#tab-faults", PATIENCE);
  await page.click("#upload details:has(.samples) > summary");
  assert.match(await visit.text("#upload .samples"), /ZDDM/);
  const name = "一中队 格式";
  await page.fill('#upload input[maxlength="100"]', name);
  await page.click('#upload button:has-text("保存字段对应")');
  await page.waitForSelector(".notice");
  await page.click("#back");
  await page.reload();
  await page.waitForFunction(
    (text) => document.querySelector("#send-mapping")?.textContent.includes(text),
    name,
  );
  await declare(visit);
  await page.selectOption("#send-mapping", { label: name });
  await page.setInputFiles("#send-files", fixed);
  await page.waitForSelector("#tab-faults", PATIENCE);

  // On an English page the name says that it is Chinese; an option holds text alone.
  await page.goto("/uploads?lang=en");
  const option = page.locator("#send-mapping option", { hasText: name });
  await option.waitFor({ state: "attached" });
  assert.equal(await option.getAttribute("lang"), "zh");
}

export async function sends_a_broken_transfer_again(visit, { keys, faulty }) {
  const { page } = visit;
  await openUploads(visit, keys);
  let sent = 0;
  await page.route("**/v1/uploads", async (route) => {
    const first = route.request().method() === "POST" && ++sent === 1;
    if (first) await route.abort("connectionreset");
    else await route.continue();
  });
  await declare(visit);
  await page.setInputFiles("#send-files", faulty);
  await page.waitForSelector("#queue .problem");
  await page.click('#queue button:has-text("重新上传")');
  await state(visit, "有错误");
  assert.equal(sent, 2);
  const here = page.url();
  await page.reload();
  await page.waitForSelector(".kinds");
  assert.equal(page.url(), here);
  visit.complaints = visit.complaints.filter((text) => !/ERR_CONNECTION_RESET/.test(text));
}

export async function sets_faulty_rows_aside(visit, { keys, faulty }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await declare(visit);
  await page.fill("#send-from", "2025-01-01");
  await page.setInputFiles("#send-files", faulty);
  await state(visit, "有错误");
  const report = await saved(visit, '#panel-faults button:has-text("CSV")');
  assert.match(report.name, /宗地_待改-检查报告\.csv/);
  assert.match(report.text, /重叠/);
  await page.click("#tab-commit");
  await page.check("#commit-set-aside");
  const reason = page.locator("#commit-reason");
  await reason.fill("先入库无误部分");
  await page.click("#commit-button");
  await state(visit, "已入库");
  const rows = await saved(visit, '#upload .notice-box button:has-text("GeoJSON")');
  assert.ok(JSON.parse(rows.text).features.length >= 2);
  await page.click("details:has(#revert) > summary");
  await page.fill("#revert-reason", "试验");
  await page.click("#revert-button");
  await state(visit, "已撤回");
}

/** Press a button that gives out a file; return its name and text. */
async function saved({ page }, selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

export async function sends_several_files_one_by_one(visit, { keys, faulty, fixed }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await declare(visit);
  await page.setInputFiles("#send-files", [faulty, fixed]);
  await page.waitForFunction(() => !document.querySelector("#queue").hasChildNodes());
  const names = [basename(faulty), basename(fixed)];
  for (const name of names) {
    await page.waitForSelector(`#uploads li:has-text("${name}")`);
  }
}

export async function reads_a_report_in_every_way(visit, { keys, faulty }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await checkAccessibility(visit, "uploads");
  assert.ok((await visit.overflow()) <= 0, "the list is too wide");
  await page.click("#send-more > summary");
  await checkAccessibility(visit, "settings");
  await page.click("#send-more > summary");
  await declare(visit);
  await page.setInputFiles("#send-files", faulty);
  await page.waitForSelector(".issues tbody tr", PATIENCE);
  await checkAccessibility(visit, "report");
  assert.ok((await visit.overflow()) <= 0, "the report is too wide");
  await page.focus("#tab-faults");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".differences li, #panel-changes .notice-box");
  await checkAccessibility(visit, "comparison");
  assert.ok((await visit.overflow()) <= 0, "the comparison is too wide");
  await page.keyboard.press("ArrowRight");
  await page.check("#commit-set-aside");
  assert.ok(await page.locator("#commit-button").isEnabled());
  await checkAccessibility(visit, "commit");
  assert.ok((await visit.overflow()) <= 0, "the commit is too wide");
}

export async function is_told_of_a_file_that_is_none(visit, { keys, rubbish }) {
  const { page } = visit;
  await openUploads(visit, keys);
  await page.setInputFiles("#send-files", rubbish);
  await state(visit, "无法检查");
  await page.waitForSelector("#upload .problem");
  assert.ok((await visit.text("#upload .problem-detail")).length > 10);
}

export async function reads_uploads_without_writing(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.auditor);
  await page.goto("/uploads");
  await page.waitForSelector("#uploads > *");
  assert.equal(await page.locator("#send").count(), 0);
}
