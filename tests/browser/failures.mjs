// What an officer is told when the service, or what stands before it, refuses.
import assert from "node:assert/strict";

const REFUSED = {
  status: 409,
  contentType: "application/problem+json",
  body: JSON.stringify({ title: "此刻不行", detail: "请稍后再试", status: 409 }),
};
const FILE = { name: "清运单.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 an invented receipt") };

/** A gateway refuses a file in its own words; a file on record cannot be fetched. */
export async function is_told_why_a_file_did_not_travel(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  await page.goto("/tasks");
  await page.click(".task-new summary");
  await page.fill("#new-problem", "文件传不动");
  await page.fill("#new-due", "2020-02-04");
  await page.click("#new-button");
  const card = page.locator(".task", { hasText: "文件传不动" });
  await card.locator("summary").click();
  await card.locator("input[type=file]").setInputFiles(FILE);
  await page.route("**/v1/documents", (route) =>
    route.fulfill({ status: 413, contentType: "text/html", body: "<h1>Too large</h1>" }),
  );
  await card.locator("[data-step=evidence_added]").click();
  const problem = card.locator(".problem");
  await problem.waitFor();
  assert.match(await problem.innerText(), /出现意外错误/);
  assert.doesNotMatch(await problem.innerText(), /JSON|token/);
  await page.unroute("**/v1/documents");
  await card.locator("[data-step=evidence_added]").click();
  const file = card.locator(".task-steps button");
  await file.waitFor();
  await page.route("**/v1/documents/*/file", (route) => route.fulfill(REFUSED));
  await file.click();
  await card.locator(".task-steps .problem", { hasText: "请稍后再试" }).waitFor();
  await page.unroute("**/v1/documents/*/file");
  const fetched = page.waitForEvent("download");
  await file.click();
  assert.equal((await fetched).suggestedFilename(), FILE.name);
  assert.equal(await card.locator(".task-steps .problem").count(), 0, "it has come right");
}

/** Let an answer say that there is more; what is asked after that is refused. */
async function refuseMore(page, path) {
  await page.route(`**/v1${path}?*`, async (route) => {
    if (new URL(route.request().url()).searchParams.has("after")) return route.fulfill(REFUSED);
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), next: "x" } });
  });
}

/** What is listed stays when more of it cannot be had, and is told once. */
export async function keeps_a_list_of_which_no_more_comes(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.surveyor);
  const lists = [
    ["/uploads", "/uploads", "#uploads"],
    ["/plots", "/plots", "#plots"],
    ["/tasks", "/tasks", "#tasks"],
  ];
  for (const [address, path, list] of lists) {
    await refuseMore(page, path);
    await page.goto(address);
    await page.waitForSelector(`${list}-more:not([hidden])`);
    const before = await page.locator(`${list} a, ${list} li, ${list} .empty`).count();
    for (const _ of [1, 2]) {
      await page.click(`${list}-more`);
      await page.locator(".problem", { hasText: "请稍后再试" }).waitFor();
      await page.waitForSelector(`${list}-more:not([disabled])`);
    }
    assert.equal(await page.locator(".problem").count(), 1, address);
    const kept = await page.locator(`${list} a, ${list} li:not(:has(.problem)), ${list} .empty`).count();
    assert.equal(kept, before, `${address} keeps what it lists`);
  }
}

/** A run that is gone while it is looked at is told as that; the page asks no more. */
export async function is_told_that_a_run_is_gone(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  const id = "00000000-0000-7000-8000-000000000001";
  let asked = 0;
  await page.route(`**/v1/screening/runs/${id}`, (route) => {
    asked += 1;
    if (asked > 1) return route.fulfill({ ...REFUSED, status: 404 });
    const run = {
      id, kind: "receptors", title: "敏感受体", state: "running", progress: null, parameters: {},
      as_of: "2026-01-01", data_versions: null, summary: null, result_sha256: null, repeats: null,
      division_code: "999901", actor: "x", ordered_at: "2026-01-01T00:00:00+08:00", failure: null,
    };
    return route.fulfill({ json: run });
  });
  await page.goto(`/screening?run=${id}`);
  await page.locator("#run .problem", { hasText: "此刻不行" }).waitFor();
  const then = asked;
  await page.waitForTimeout(1500);
  assert.equal(asked, then);
}

export async function is_told_that_kinds_of_run_cannot_be_had(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.registrar);
  await page.route("**/v1/screening/kinds", (route) => route.fulfill(REFUSED));
  await page.goto("/screening");
  await page.locator("#runs .problem", { hasText: "请稍后再试" }).waitFor();
}
