// What an officer does at the counter, played step by step.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const LISTED = "999901001001GB00001";
const PLAIN = "999901001001GB00002";
const FARMED = "999901001001GB00003";

// Corners of `PLAIN`, and the same square in the zone of 114° E.
const CORNERS = "114.011, 34.610\n114.012, 34.610\n114.012, 34.611\n114.011, 34.611";
/** Some 90 m west of the other county. */
const BESIDE_THE_BORDER = "114.037, 34.610\n114.039, 34.610\n114.039, 34.611\n114.037, 34.611";

export async function signs_in_and_out(visit, { keys }) {
  const { page } = visit;
  await page.goto("/?parcel=" + PLAIN);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.fill("#key", "jt_wrong");
  await page.click("#sign-in-button");
  await page.waitForSelector(".problem");
  await page.fill("#key", keys.planner);
  await page.click("#sign-in-button");
  await page.waitForSelector(".parcel-card");
  assert.equal(new URL(page.url()).searchParams.get("parcel"), PLAIN);
  await page.click("#sign-out");
  await page.waitForURL("**/sign-in");
  await page.goto("/");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
}

export async function keeps_no_secret_in_the_page(visit, { keys }) {
  await visit.signIn(keys.planner);
  const kept = await visit.page.evaluate(() => ({
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    text: document.documentElement.outerHTML,
  }));
  assert.equal(kept.cookies, "");
  assert.deepEqual([kept.local, kept.session], [0, 0]);
  assert.ok(!kept.text.includes(keys.planner));
  const cookies = await visit.context.cookies();
  const session = cookies.find((cookie) => cookie.name === "jingtu_session");
  assert.deepEqual([session.httpOnly, session.sameSite], [true, "Strict"]);
}

export async function sees_what_lies_on_a_parcel(visit, { keys }) {
  await visit.signIn(keys.planner);
  await visit.openParcel(FARMED);
  const concerned = await visit.text("#themes-concerned");
  assert.match(concerned, /安全利用类/);
  assert.match(concerned, /永久基本农田/);
  assert.match(concerned, /50\.00%/);
  assert.match(await visit.text("#themes-no_coverage"), /生态保护红线/);
  assert.match(await visit.text("#themes-clear"), /管控区域/);
  assert.match(await visit.text(".parcel-card"), /0601 工业用地/);
}

export async function sees_the_parcel_on_the_map(visit, { keys }) {
  const { page } = visit;
  const tiles = new Set();
  page.on("response", (response) => {
    const [, layer] = response.url().match(/\/v1\/tiles\/(\w+)\//) ?? [];
    if (layer && response.status() === 200) tiles.add(layer);
  });
  await visit.signIn(keys.planner);
  await visit.openParcel(LISTED);
  await visit.mapDrawn();
  for (const layer of ["parcel", "plot", "farmland_unit", "receptor"]) {
    assert.ok(tiles.has(layer), `no tile of ${layer}`);
  }
  await page.mouse.move(...(await visit.besideLegend()));
  await page.waitForSelector("#map-info:not([hidden])");
  const info = await visit.text("#map-info");
  assert.match(info, new RegExp(LISTED));
  assert.match(info, /原电镀厂地块/);
}

/** Half of the parcel's width on the map at the deepest zoom, and of its height. */
const HALF_PX = [93, 114];

/** However wide the window is, the open legend covers nothing of the parcel. */
export async function sees_the_parcel_clear_of_the_legend(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const legend = page.locator("#legend");
  const isOpen = () => legend.evaluate((one) => one.open);
  await page.locator("#legend-entries > *").first().waitFor({ state: "attached" });
  if (!(await isOpen())) await legend.locator("summary").click();
  await visit.openParcel(LISTED);
  await visit.mapDrawn();
  assert.ok(await isOpen());
  const [x, y] = await visit.besideLegend();
  await page.mouse.move(x, y);
  await page.waitForSelector("#map-info:not([hidden])");
  assert.match(await visit.text("#map-info"), new RegExp(LISTED));
  const covering = await legend.boundingBox();
  const apart = [
    x - HALF_PX[0] > covering.x + covering.width,
    y + HALF_PX[1] < covering.y,
  ];
  assert.ok(apart.includes(true), `the parcel at ${x}, ${y} is under the legend`);
}

export async function picks_a_parcel_on_the_map(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(LISTED);
  await visit.mapDrawn();
  // At the deepest zoom a parcel is shown at, 0.001° are 186 pixels.
  const [x, y] = await visit.besideLegend();
  await page.mouse.click(x + 186, y);
  await page.waitForFunction(
    (code) => document.querySelector(".parcel-card")?.textContent.includes(code),
    PLAIN,
  );
}

export async function gets_a_decision_with_its_grounds(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(LISTED);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "grant");
  await page.fill('[data-path="planned_use"] input[type=text]', "0701");
  await page.fill("#ask-reference", "案 2026-0001");
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  assert.match(await visit.text(".outcome-word"), /不予通过/);
  assert.match(await visit.text(".outcome-facts"), /案 2026-0001/);
  const reasons = await visit.text("#decision");
  assert.match(reasons, /土壤污染防治法/);
  assert.match(reasons, /第六十一条/);
  assert.match(reasons, /已核对/);
  assert.match(reasons, /凭记忆，引用前须核对/);
  assert.match(reasons, /转售：征求意见 RESALE_ON_REGISTER\s*产品默认值（产品设计/);
  assert.match(await visit.text(".disclaimer"), /主管机关/);
  const number = await visit.text(".outcome-facts");
  await page.reload();
  await page.waitForSelector(".outcome");
  assert.equal(await visit.text(".outcome-facts"), number);
}

export async function is_told_what_is_missing_from_a_request(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(PLAIN);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "grant");
  await page.fill('[data-path="planned_use"] input[type=text]', "9999");
  await page.click("#ask-button");
  await page.waitForSelector("#decision .problem");
  const told = await visit.text("#decision .problem");
  assert.match(told, /规划用途：“9999”不是/);
  assert.doesNotMatch(told, /planned_use|errors/);
}

export async function sends_a_request_again_under_the_same_key(visit, { keys }) {
  const { page } = visit;
  const sent = [];
  await visit.signIn(keys.planner);
  await visit.openParcel(PLAIN);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "transfer");
  await page.route("**/v1/gate/decisions", async (route) => {
    sent.push(route.request().headers()["idempotency-key"]);
    if (sent.length === 1) await route.abort("connectionreset");
    else await route.continue();
  });
  await page.click("#ask-button");
  await page.waitForSelector("#decision .problem");
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  assert.equal(sent.length, 2);
  assert.equal(sent[0], sent[1]);
  visit.complaints = visit.complaints.filter((text) => !/ERR_CONNECTION_RESET/.test(text));
}

export async function draws_an_area(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(PLAIN);
  await visit.mapDrawn();
  await page.click("#draw-start");
  for (const [x, y] of [
    [0.4, 0.4],
    [0.6, 0.4],
    [0.6, 0.6],
    [0.2, 0.2],
  ]) {
    await page.mouse.click(...(await visit.onMap(x, y)));
  }
  assert.match(await visit.text("#draw-state"), /4 个拐点/);
  await page.keyboard.press("Backspace");
  assert.match(await visit.text("#draw-state"), /3 个拐点 .* m²/);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#panel-extract .status-counts");
  assert.match(await visit.text(".parcel-card"), /自定范围/);
  assert.equal(new URL(page.url()).searchParams.get("parcel"), null);
}

export async function gives_up_a_drawing(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.mapDrawn();
  await page.click("#draw-start");
  await page.mouse.click(...(await visit.onMap(0.5, 0.5)));
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#draw-bar").isHidden());
  assert.ok(await page.locator("#answer").isHidden());
}

/** Type the corners of an area; wait for what lies on it. */
async function typeArea(visit, corners) {
  const { page } = visit;
  await page.click("#coordinates-open");
  await page.fill("#coordinates", corners);
  await page.click("#coordinates-form .is-main");
  await page.waitForSelector("#panel-extract .status-counts");
}

/** A plot next door makes no plot of this land, and is told all the same. */
export async function sees_what_lies_beside_a_parcel(visit, { keys }) {
  await visit.signIn(keys.planner);
  await visit.openParcel(PLAIN);
  const card = visit.page.locator("#themes-clear .theme-card", { hasText: "原电镀厂地块" });
  assert.match(await card.innerText(), /地块上未发现；下列对象与其相邻或在周边/);
}

/** Who may not ask the gate is led to what was asked, and shown no form to be refused. */
export async function is_not_asked_to_ask(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.auditor);
  assert.match(await visit.text("#steps"), /查看意见书/);
  await visit.openParcel(PLAIN);
  await page.click("#tab-decision");
  assert.equal(await page.locator("#ask").count(), 0);
  await page.click('#panel-decision a[href="/decisions"]');
  await page.waitForURL("**/decisions");
}

export async function types_an_area_without_a_mouse(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await page.focus("#coordinates-open");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#coordinates-dialog[open]");
  await page.focus("#coordinates");
  await page.keyboard.insertText("34.610, 114.011\n34.611, 114.011\n34.611, 114.012");
  await page.focus("#coordinates-form .is-main");
  await page.keyboard.press("Enter");
  assert.match(await visit.text("#coordinates-problem"), /写反/);
  await page.focus("#coordinates");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(CORNERS);
  await page.focus("#coordinates-form .is-main");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#panel-extract .status-counts");
  assert.match(await visit.text(".parcel-card"), /10,1\d\d\.\d\d m²/);
}

export async function types_an_area_in_metres(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await page.click("#coordinates-open");
  await page.selectOption("#coordinates-system", "metres");
  const [south, north, west, east] = [3831000, 3831100, 38501000, 38501100];
  const corners = [
    [south, west],
    [south, east],
    [north, east],
    [north, west],
  ];
  await page.selectOption("#coordinates-meridian", "");
  await page.fill("#coordinates", corners.map((pair) => pair.join(", ")).join("\n"));
  await page.click("#coordinates-form .is-main");
  await page.waitForSelector("#panel-extract .status-counts");
  assert.match(await visit.text(".parcel-card"), /(9,99|10,00)\d\.\d\d m²/);
}

export async function is_told_of_a_code_nobody_has(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await page.fill("#parcel-code", "999901001001GB77777");
  await page.click("#find-button");
  await page.waitForSelector("#subject .problem");
  assert.match(await visit.text("#subject .problem"), /没有/);
  assert.ok(await page.locator("#answer").isHidden());
}

export async function reads_the_page_in_english(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(LISTED);
  await page.click("a.language");
  await page.waitForSelector(".parcel-card");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.match(await visit.text(".parcel-card"), /Land use on record/);
  assert.match(await visit.text("#themes-concerned"), /On the risk-control register/);
  await page.goto("/");
  assert.equal(await page.getAttribute("html", "lang"), "en");
}

export async function fits_the_window(visit, { keys, width }) {
  const { page } = visit;
  await page.goto("/sign-in");
  assert.ok((await visit.overflow()) <= 0, "sign-in is too wide");
  await visit.signIn(keys.planner);
  assert.ok((await visit.overflow()) <= 0, "the empty page is too wide");
  await typeArea(visit, BESIDE_THE_BORDER);
  assert.match(await visit.text("#panel-extract"), /999902/);
  assert.ok((await visit.overflow()) <= 0, "an extract of two counties is too wide");
  await visit.openParcel(FARMED);
  assert.ok((await visit.overflow()) <= 0, "the extract is too wide");
  // Side by side, papers and map each scroll by themselves; nothing is below them.
  if (width !== "390") assert.equal(await visit.excess(), 0, "the page scrolls to blank paper");
  assert.deepEqual(await visit.cutInMasthead(), []);
  const masthead = await page.locator(".masthead").boundingBox();
  assert.ok(masthead.height <= 110, `the masthead takes ${masthead.height} px`);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "project_approval");
  await page.click("#ask-claims-box summary");
  assert.ok((await visit.overflow()) <= 0, "the form is too wide");
  await page.fill('[data-path="planned_use"] input[type=text]', "0701");
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  assert.ok((await visit.overflow()) <= 0, "the decision is too wide");
}

export async function can_be_used_by_everyone(visit, { keys }) {
  const { page } = visit;
  await page.goto("/sign-in");
  await checkAccessibility(visit, "sign-in");
  await visit.signIn(keys.planner);
  await checkAccessibility(visit, "empty page");
  await visit.openParcel(FARMED);
  await checkAccessibility(visit, "extract");
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "grant");
  await page.fill('[data-path="planned_use"] input[type=text]', "0701");
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  await checkAccessibility(visit, "decision");
  await page.click("#coordinates-open");
  await checkAccessibility(visit, "dialog");
}

export async function works_where_no_map_can_be_drawn(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await page.waitForSelector("#map-missing:not([hidden])");
  for (const tool of ["#legend", "#map-in"]) {
    assert.ok(await page.locator(tool).isHidden(), `${tool} of no map`);
  }
  await visit.openParcel(LISTED);
  assert.match(await visit.text("#themes-concerned"), /原电镀厂地块/);
}

export async function prints_the_record(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(FARMED);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".parcel-card").isVisible());
  assert.ok(await page.locator("#themes-concerned").isVisible());
  for (const tool of ["#find", "#tabs", ".map-frame", "#ask", "#sign-out"]) {
    assert.ok(await page.locator(tool).isHidden(), `${tool} is printed`);
  }
  await page.goto("/plots");
  await page.waitForSelector("#plots table");
  await page.setViewportSize({ width: 680, height: 900 });
  assert.ok(await page.locator("#filter-button").isHidden(), "a button is printed");
  assert.ok(await page.locator("#plots thead").isVisible(), "the list is no table on paper");
}
