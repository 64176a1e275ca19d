// The life of a plot: officers of two levels record it, a planner asks the gate about it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { checkAccessibility } from "./accessibility.mjs";

/** Between signing in: one session must not lend its rights to the next. */
async function changeHands(visit, key) {
  await visit.page.context().clearCookies();
  await visit.signIn(key);
}

/** Enter one detail into whatever input its form has for it. */
async function enter(form, event, name, value) {
  const boxes = form.locator(`input[type=checkbox][data-detail=${name}]`);
  if ((await boxes.count()) > 0) {
    for (const one of value) {
      await form.locator(`input[data-detail=${name}][value="${one}"]`).check();
    }
    return;
  }
  const input = form.locator(`#${event}-${name}`);
  assert.equal(await input.count(), 1, `${event} has no input for ${name}`);
  const isSelect = await input.evaluate((element) => element.tagName === "SELECT");
  if (isSelect) await input.selectOption(String(value));
  else await input.fill(Array.isArray(value) ? value.join("\n") : String(value));
}

async function enterPaper(form, event, place, paper) {
  const id = `#${event}-paper-${place}`;
  await form.locator(id).selectOption(`new:${paper.document_type}`);
  await form.locator(`${id}-dated`).fill(paper.dated_on);
  if (paper.reviewed_on) await form.locator(`${id}-reviewed`).fill(paper.reviewed_on);
  if (paper.file) await form.locator(`${id}-file`).setInputFiles(report(paper.file));
}

/** An invented report as an officer has it on his disk. */
function report(name) {
  const buffer = Buffer.from(`%PDF-1.7 an invented report: ${name}`);
  return { name, mimeType: "application/pdf", buffer };
}

/** Save the latest paper's file from the page: the bytes that were sent. */
async function assertKept(visit, name) {
  const { page } = visit;
  const buttons = page.locator("#plot table td button", { has: page.locator("svg") });
  const [saved] = await Promise.all([page.waitForEvent("download"), buttons.last().click()]);
  assert.equal(saved.suggestedFilename(), name);
  assert.deepEqual(await readFile(await saved.path()), report(name).buffer);
}

/** Record an event on the page that is open, and look at what the page makes of it. */
async function recordStep(visit, { event, on, details, documents, stage }, known) {
  const { page } = visit;
  const step = page.locator(`details[data-event=${event}]`);
  await step.locator("summary").click();
  const form = step.locator("form");
  await form.locator(`#${event}-on`).fill(on);
  for (const [name, value] of Object.entries(details)) await enter(form, event, name, value);
  for (const [place, paper] of documents.entries()) await enterPaper(form, event, place, paper);
  await form.locator("button.is-main").click();
  const grown = page.locator(`.timeline > li:nth-child(${known + 1})`);
  const refused = form.locator(".problem");
  await grown.or(refused).first().waitFor();
  assert.equal(await refused.count(), 0, `${event}: ${await refused.allInnerTexts()}`);
  assert.equal(await page.locator(".timeline > li").count(), known + 1, event);
  assert.equal((await visit.text(".plot-head .stage")).trim(), stage, event);
  const latest = await page.locator(".timeline > li").first().innerText();
  assert.ok(latest.includes(on), `${event}: ${latest}`);
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
}

/** A county's officer reads what the province decides, and has no form for it. */
async function assertNotTheirs(page, event) {
  const step = page.locator(`details[data-event=${event}]`);
  await step.locator("summary").click();
  assert.equal(await step.locator("form").count(), 0, `${event} is not the county's`);
}

/** Ask the gate on the query page; return the certificate's number. */
async function ask(visit, { parcel, transaction, planned_use }, reference, outcome) {
  const { page } = visit;
  await page.goto("/");
  await visit.openParcel(parcel);
  await page.click("#tab-decision");
  await page.selectOption("#ask-transaction", transaction);
  await page.fill('[data-path="planned_use"] input[type=text]', planned_use);
  await page.fill("#ask-reference", reference);
  await page.click("#ask-button");
  await page.waitForSelector(".outcome");
  const tone = await page.locator(".outcome").getAttribute("data-tone");
  assert.equal(tone, outcome, `${reference}: ${await visit.text("#decision")}`);
  const link = page.locator('#decision a[href*="certificate"]');
  const file = await page.request.get(await link.getAttribute("href"));
  assert.equal(file.status(), 200, reference);
  assert.equal((await file.body()).subarray(0, 4).toString(), "%PDF", reference);
  const id = new URL(page.url()).searchParams.get("decision");
  const decision = await page.request.get(`/v1/gate/decisions/${id}`);
  const number = (await decision.json()).certificate_number;
  assert.ok((await visit.text(".outcome-facts")).includes(number));
  return number;
}

/** Open the public page of a certificate until it says that something changed. */
async function waitUntilAffected({ page }, number) {
  const state = page.locator(".verify-state");
  for (let turn = 0; turn < 40; turn++) {
    await page.goto(`/verify/${number}`);
    await state.waitFor();
    if (/is-affected/.test(await state.getAttribute("class"))) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`${number} is not affected: ${await state.innerText()}`);
}

export async function lives_from_clue_to_removal(visit, options) {
  const { keys, plot, steps, questions } = options;
  const { page } = visit;
  await changeHands(visit, keys.planner);
  const { reference, outcome } = questions.first;
  const first = await ask(visit, options, reference, outcome);
  await page.goto(`/verify/${first}`);
  await page.locator(".verify-state.is-in_force").waitFor();

  let hands = "planner";
  let denied = "";
  for (const [known, step] of steps.entries()) {
    if (hands !== step.by) {
      if (step.by === "province") {
        await page.goto(`/plots/${plot}`);
        await page.locator(".plot-head").waitFor();
        await assertNotTheirs(page, step.event);
      }
      await changeHands(visit, keys[step.by]);
      hands = step.by;
      await page.goto(`/plots/${plot}`);
      await page.locator(".plot-head").waitFor();
    }
    await recordStep(visit, step, known);
    const sent = step.documents.find((paper) => paper.file);
    if (sent) await assertKept(visit, sent.file);
    const question = questions[step.event];
    if (!question) continue;
    await waitUntilAffected(visit, denied || first);
    await changeHands(visit, keys.planner);
    hands = "planner";
    const number = await ask(visit, options, question.reference, question.outcome);
    denied ||= number;
  }
  // What became of the land since does not give the first certificate its force back.
  await waitUntilAffected(visit, first);
}

/** After removal, in English on a narrow screen: after-care, its plan, what it allows. */
export async function lives_on_in_aftercare(visit, options) {
  const { keys, plot, known, step, question, shots } = options;
  const { page } = visit;
  await visit.signIn(keys[step.by]);
  await page.goto(`/plots/${plot}`);
  await page.locator(".plot-head").waitFor();
  await recordStep(visit, step, known);
  const sent = step.documents.find((paper) => paper.file);
  await assertKept(visit, sent.file);
  await checkAccessibility(visit, "a plot in after-care");
  assert.ok((await visit.overflow()) <= 0, "the plot is too wide");
  const timeline = await page.locator(".timeline > li").first().innerText();
  assert.match(timeline, /After-care/);
  if (shots) await page.screenshot({ path: `${shots}-aftercare.png`, fullPage: true });

  await changeHands(visit, keys.planner);
  const number = await ask(visit, options, question.reference, question.outcome);
  if (shots) await page.screenshot({ path: `${shots}-decision.png`, fullPage: true });
  await page.goto(`/verify/${number}`);
  await page.locator(".verify-state.is-in_force").waitFor();
  assert.match(await page.locator("main").innerText(), /In force/i);
}
