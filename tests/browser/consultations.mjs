// A question is asked of another department, answered, and taken back.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const ASKED = "999901001001GB00004";
const PDF = {
  name: "现场核查记录.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.7 an invented record"),
};

/** Ask the gate about the transfer of the land; return the decision's id. */
async function ask(visit) {
  const { page } = visit;
  await page.goto("/");
  await visit.openParcel(ASKED);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", "transfer");
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  return decisionInAddress(page);
}

function decisionInAddress(page) {
  return new URL(page.url()).searchParams.get("decision");
}

async function changeHands(visit, key) {
  await visit.page.click("#sign-out");
  await visit.page.waitForURL("**/sign-in");
  await visit.signIn(key);
}

/** Open the inbox until the question is there: the worker opens its task. */
async function waitInInbox(page, decision) {
  const row = page.locator(`[data-decision="${decision}"]`);
  for (let turn = 0; turn < 40; turn++) {
    await page.goto("/consultations");
    await page.waitForSelector("#inbox > :not(.waiting)");
    if ((await row.count()) > 0) return row;
    await page.waitForTimeout(500);
  }
  throw new Error(`The inbox does not show ${decision}.`);
}

/** Answer about B07 alone; wait for the decision that the opinion makes. */
async function answer(visit, before, position, reason, conditions = "") {
  const { page } = visit;
  const form = page.locator(".opinion-form");
  await form.locator(`input[value=${position}]`).check();
  for (const box of await form.locator("input[type=checkbox]").all()) {
    await box.setChecked((await box.getAttribute("value")) === "B07");
  }
  await form.locator("textarea[id$=reason]").fill(reason);
  if (conditions) await form.locator("textarea[id$=conditions]").fill(conditions);
  if (conditions) await form.locator("input[type=file]").setInputFiles(PDF);
  await form.locator("[data-opinion]").click();
  await page.waitForURL((url) => url.searchParams.get("decision") !== before);
  await page.locator(".opinion", { hasText: reason }).waitFor();
  return decisionInAddress(page);
}

export async function answers_a_consultation(visit, { keys, language, width, shots }) {
  const { page } = visit;
  const shoot = async (name) => {
    if (shots) await page.screenshot({ path: `${shots}-${name}.png`, fullPage: true });
  };
  await visit.signIn(keys.planner);
  const first = await ask(visit);
  const waiting = language === "en" ? /: no answer yet on .*B07/ : /尚未答复（规则 .*B07/;
  assert.match(await visit.text("#consultation"), waiting);
  assert.equal(await page.locator(".opinion-form").count(), 0);

  await changeHands(visit, keys.registrar);
  const row = await waitInInbox(page, first);
  const said = await row.innerText();
  assert.match(said, /B07/);
  assert.match(said, /planner/);
  assert.match(said, language === "en" ? /Transfer/i : /转让/);
  assert.match(said, language === "en" ? /Open/ : /待办/);
  if (width === "390") assert.deepEqual(await visit.cellsWithoutHead(), []);
  await checkAccessibility(visit, "inbox");
  assert.ok((await visit.overflow()) <= 0, "the inbox is too wide");
  await shoot("inbox");
  await row.locator("a").first().click();
  await page.locator(".opinion-form").waitFor();
  await checkAccessibility(visit, "opinion form");
  assert.ok((await visit.overflow()) <= 0, "the form is too wide");
  await shoot("form");

  const terms = "转让合同写明调查义务";
  const second = await answer(visit, first, "agree_with_conditions", "已现场核查", terms);
  const card = page.locator("#consultation");
  assert.match(await card.innerText(), new RegExp(terms));
  const compared = page.locator("[data-compare=previous]");
  assert.match(await compared.innerText(), /B07/);
  assert.match(await compared.innerText(), new RegExp(terms));
  await checkAccessibility(visit, "answered");
  assert.ok((await visit.overflow()) <= 0, "the new decision is too wide");
  await shoot("answered");

  await changeHands(visit, keys.planner);
  await page.goto(`/?decision=${first}`);
  await page.locator("[data-compare=next] a").click();
  await page.locator(".opinion", { hasText: "已现场核查" }).waitFor();
  assert.equal(decisionInAddress(page), second);
  const fetched = page.waitForEvent("download");
  await page.locator(".opinion button").first().click();
  assert.equal((await fetched).suggestedFilename(), PDF.name);
  assert.equal(await page.locator("[data-withdraw]").count(), 0);
}

export async function withdraws_an_objection(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  const first = await ask(visit);
  const denied = await answer(visit, first, "object", "调查报告未上传");
  assert.match(await visit.text(".outcome-word"), /不予通过/);
  await page.click(".opinion summary");
  await page.fill(".opinion textarea", "报告已上传");
  await page.click("[data-withdraw]");
  await page.waitForURL((url) => url.searchParams.get("decision") !== denied);
  await page.locator(".opinion", { hasText: "报告已上传" }).waitFor();
  assert.doesNotMatch(await visit.text(".outcome-word"), /不予通过/);
  await page.locator(".opinion-form").waitFor();
}

export async function finds_what_was_answered(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  const first = await ask(visit);
  await waitInInbox(page, first);
  await page.goto("/consultations?state=answered");
  await page.waitForSelector("#inbox > :not(.waiting)");
  assert.equal(await page.locator(`[data-decision="${first}"]`).count(), 0);
  await page.click("#filter-clear");
  await page.locator(`[data-decision="${first}"]`).waitFor();
  await page.selectOption("#filter-bureau", "AG");
  await page.click("#filter-button");
  await page.waitForSelector("#inbox .empty");
  await checkAccessibility(visit, "no consultation");
}
