// What an officer does on the board of tasks.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const LONG_AGO = "2020-02-03";
/** Before what other scenarios leave waiting, which fills more than a page. */
const SOON = new Date(Date.now() + 36 * 3600 * 1000).toISOString().slice(0, 10);
const PDF = {
  name: "清运单.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.7 an invented receipt"),
};

/** Open a rectification on the page; return the card of it. */
async function openRectification(visit, problem, due = "") {
  const { page } = visit;
  await page.goto("/tasks");
  await page.click(".task-new summary");
  await page.fill("#new-problem", problem);
  if (due) await page.fill("#new-due", due);
  await page.click("#new-button");
  const card = page.locator(".task", { hasText: problem });
  await card.waitFor();
  return card;
}

async function step(card, name, count) {
  await card.locator(`[data-step=${name}]`).click();
  await card.locator(`.task-steps > li:nth-child(${count})`).waitFor();
}

export async function carries_a_task_to_its_strike_off(visit, { keys, language, width, shots }) {
  const { page } = visit;
  const shoot = async (name) => {
    if (shots) await page.screenshot({ path: `${shots}-${name}.png`, fullPage: true });
  };
  await visit.signIn(keys.registrar);
  const problem = `雨水沟沉积物 ${language} ${width}`;
  await openRectification(visit, `${problem} 不急`, SOON);
  const card = await openRectification(visit, `${problem} 急`, LONG_AGO);
  const late = language === "en" ? /Late/ : /逾期/;
  assert.match(await card.locator("summary").innerText(), late);
  const titles = await page.locator(".task-title").allInnerTexts();
  const [first, second] = ["急", "不急"].map((word) =>
    titles.findIndex((title) => title.endsWith(`${problem} ${word}`)),
  );
  assert.ok(first < second, "a late task comes first");
  const county = page.locator(".late tbody tr", { hasText: "999901" });
  await county.waitFor();
  assert.match(await county.innerText(), /2020-02-03/, "since when the earliest is late");
  await checkAccessibility(visit, "board");
  assert.ok((await visit.overflow()) <= 0, "the board is too wide");
  await shoot("board");

  await card.locator("summary").click();
  await card.locator(".task-form").waitFor();
  const opened = await card.locator(".task-steps > li").first().innerText();
  assert.match(opened, language === "en" ? /Due 2020-02-03/ : /期限 2020-02-03/);
  await card.locator("[data-step=reported_done]").click();
  await card.locator(".problem").waitFor();
  await card.locator("input[id^=person]").fill("李四");
  await step(card, "assigned", 2);
  await card.locator("input[type=file]").setInputFiles(PDF);
  await card.locator("textarea").fill("清运单 3 份");
  await step(card, "evidence_added", 3);
  await step(card, "reported_done", 4);
  await checkAccessibility(visit, "an open task");
  assert.ok((await visit.overflow()) <= 0, "an open task is too wide");
  await shoot("open");
  const fetched = page.waitForEvent("download");
  await card.locator(".task-steps button").click();
  assert.equal((await fetched).suggestedFilename(), "清运单.pdf");
  await step(card, "struck_off", 5);
  await card.locator(".task-form").waitFor({ state: "detached" });
  assert.match(await card.locator("summary").innerText(), /李四/);

  await page.selectOption("#filter-state", "struck_off");
  await page.click("#filter-button");
  await page.locator(".task", { hasText: `${problem} 急` }).waitFor();
  assert.equal(await page.locator(".task", { hasText: "不急" }).count(), 0);
  await page.reload();
  await page.locator(".task", { hasText: `${problem} 急` }).waitFor();
  assert.equal(await page.inputValue("#filter-state"), "struck_off");
}

/** What is late by county and bureau; each count leads to its tasks. */
export async function sees_what_is_late(visit, { keys, url, language, shots }) {
  const { page } = visit;
  const tasks = [
    ["999901", "EE", "2026-03-02"],
    ["999901", "EE", "2026-02-02"],
    ["999901", "NR", "2026-03-02"],
    ["999902", "WR", "2026-01-05"],
  ];
  for (const [division, bureau, due_on] of tasks) {
    const answer = await fetch(`${url}/v1/tasks`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${keys.admin}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({
        kind: "rectification",
        facts: { problem: `逾期 ${language} ${bureau}` },
        division,
        bureau,
        due_on,
      }),
    });
    assert.equal(answer.status, 201, await answer.text());
  }
  await visit.signIn(keys.admin);
  await page.goto("/tasks");
  const row = page.locator(".late tbody tr", { hasText: "999902" });
  await row.waitFor();
  assert.match(await row.innerText(), /2026-01-05/);
  const shown = await page.locator(".late").boundingBox();
  const board = await page.locator("#tasks").boundingBox();
  assert.ok(shown.y + shown.height <= board.y, "it stands above the tasks");
  await checkAccessibility(visit, "what is late");
  assert.ok((await visit.overflow()) <= 0, "what is late is too wide");
  if (shots) await page.screenshot({ path: `${shots}-late.png`, fullPage: true });

  const water = language === "en" ? "Water resources" : "水利部门";
  const cell = row.locator(`td[data-head="${water}"]`);
  const number = Number((await cell.locator("a").innerText()).trim());
  await cell.locator("a").click();
  await page.waitForURL(/bureau=WR/);
  await page.locator(".task").first().waitFor();
  assert.equal(await page.inputValue("#filter-division"), "999902");
  assert.equal(await page.inputValue("#filter-late"), "true");
  assert.equal(await page.locator(".task").count(), number);
}

export async function looks_on_at_another_bureau(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const card = await openRectification(visit, "别的部门", SOON);
  await page.goto("/tasks");
  await page.selectOption("#filter-bureau", "EE");
  await page.click(".task-new summary");
  await page.selectOption("#new-bureau", "EE");
  await page.fill("#new-problem", "请生态环境部门办");
  await page.click("#new-button");
  const theirs = page.locator(".task", { hasText: "请生态环境部门办" });
  await theirs.waitFor();
  await theirs.locator("summary").click();
  await theirs.locator(".hint").first().waitFor();
  assert.equal(await theirs.locator("[data-step]").count(), 0);
  await page.click("#filter-clear");
  await card.waitFor();
  await card.locator("summary").click();
  await card.locator("[data-step=assigned]").waitFor();
}

export async function finds_no_task(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.auditor);
  await page.goto("/tasks?person=nobody");
  await page.waitForSelector("#tasks .empty");
  assert.equal(await page.locator(".task-new").count(), 0);
  await checkAccessibility(visit, "no task");
}
