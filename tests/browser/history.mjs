// What an officer does with decisions that were made before.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const LISTED = "999901001001GB00001";
const PLAIN = "999901001001GB00002";
const ASKED = "999901001001GB00004";

/** Ask the gate through the service itself, as the page would. */
async function ask(visit, transaction, subject, use = "0701") {
  const answer = await visit.page.evaluate(
    async ([name, land, code]) => {
      const token = document.querySelector('meta[name="csrf-token"]').content;
      const response = await fetch("/v1/gate/decisions", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
        body: JSON.stringify({
          transaction: name,
          subject: land,
          planned_use: { scheme: "gbt21010_2017", code },
        }),
      });
      return { status: response.status, body: await response.json() };
    },
    [transaction, subject, use],
  );
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

export async function finds_earlier_decisions(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const wanted = await ask(visit, "allocate", { parcel_code: LISTED });
  const other = await ask(visit, "allocate", { parcel_code: PLAIN });
  await page.click('.nav a[href="/decisions"]');
  await page.waitForSelector(".records tbody tr");
  assert.match(await visit.text(".records"), new RegExp(other.certificate_number));
  await page.selectOption("#filter-transaction", "allocate");
  await page.selectOption("#filter-outcome", "deny");
  await page.fill("#filter-parcel", "999901 001 001 GB 00001");
  await page.click("#filter-button");
  await page.waitForFunction(
    (number) => !document.querySelector("#history")?.textContent.includes(number),
    other.certificate_number,
  );
  assert.match(await visit.text(".records"), new RegExp(wanted.certificate_number));
  await page.reload();
  await page.waitForSelector(".records tbody tr");
  assert.equal(await page.inputValue("#filter-outcome"), "deny");
  await page.click(".records tbody tr a");
  await page.waitForSelector(".outcome");
  assert.match(await visit.text(".outcome-facts"), new RegExp(wanted.certificate_number));
  assert.match(await visit.text(".parcel-card"), /999901\s*001\s*001\s*GB\s*00001/);
}

/** An outcome that no longer holds is not shown as if it did. */
export async function sees_that_a_decision_was_annulled(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const { id, certificate_number: number } = await ask(visit, "reserve", { parcel_code: LISTED });
  const status = await page.evaluate(async (path) => {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
    const body = JSON.stringify({ reason: "宗地代码有误" });
    return (await fetch(path, { method: "POST", headers, body })).status;
  }, `/v1/gate/decisions/${id}/annul`);
  assert.equal(status, 200);
  await page.goto(`/?decision=${id}`);
  await page.waitForSelector(".outcome[data-tone=ended]");
  assert.match(await visit.text(".standing"), /已撤销.*不得使用.*宗地代码有误/s);
  await checkAccessibility(visit, "an annulled decision");
  await page.goto(`/decisions?parcel_code=${LISTED}`);
  const row = page.locator(".records tbody tr", { hasText: number });
  assert.match(await row.innerText(), /已撤销/);
  assert.doesNotMatch(await row.innerText(), /有效期/);
}

/** What is looked at after a decision is what the address names: a reload shows it again. */
export async function leaves_a_decision_for_its_land(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const { id } = await ask(visit, "reserve", { parcel_code: PLAIN });
  await page.goto(`/?decision=${id}`);
  await page.waitForSelector(".outcome");
  assert.equal(new URL(page.url()).searchParams.get("decision"), id);
  await visit.openParcel(PLAIN);
  await page.waitForFunction(() => !document.querySelector(".outcome"));
  assert.equal(new URL(page.url()).search, `?parcel=${PLAIN}`);
}

export async function looks_for_decisions_of_a_day(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await ask(visit, "reserve", { parcel_code: PLAIN });
  await page.goto("/decisions?recorded_to=2020-01-01");
  await page.waitForSelector("#history .empty");
  await checkAccessibility(visit, "nothing found");
  await page.click("#filter-clear");
  await page.waitForSelector(".records tbody tr");
  assert.equal(new URL(page.url()).search, "");
  await checkAccessibility(visit, "history");
  assert.ok((await visit.overflow()) <= 0, "the history is too wide");
}

export async function reads_decisions_on_a_narrow_screen(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const { outcome } = await ask(visit, "transfer", { parcel_code: ASKED }, "0601");
  assert.equal(outcome, "consult");
  await page.goto("/decisions?outcome=consult");
  await page.waitForSelector(".records tbody tr");
  assert.match(await visit.text(".records"), /Consult the ecology-environment department/);
  assert.ok((await visit.overflow()) <= 0, "the history is too wide");
}

export async function reads_decisions_page_by_page(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const land = { parcel_code: PLAIN };
  for (let made = 0; made < 51; made++) await ask(visit, "purchase", land);
  await page.goto("/decisions?transaction=purchase");
  await page.waitForSelector(".records tbody tr");
  assert.equal(await page.locator(".records tbody tr").count(), 50);
  await page.click("#history-more");
  await page.waitForSelector(".records tbody tr:nth-child(51)");
  assert.ok(await page.locator("#history-more").isHidden());
  const paths = await page.locator(".records tbody a").evaluateAll((links) =>
    links.map((link) => link.getAttribute("href")),
  );
  assert.equal(new Set(paths).size, 51);
}

export async function opens_a_decision_about_a_drawn_area(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const ring = [
    [114.0112, 34.6102],
    [114.0118, 34.6102],
    [114.0118, 34.6108],
    [114.0112, 34.6102],
  ];
  const geometry = { type: "Polygon", coordinates: [ring] };
  const decision = await ask(visit, "grant", { geometry });
  await page.goto(`/?decision=${decision.id}`);
  await page.waitForSelector(".outcome");
  assert.match(await visit.text(".parcel-card"), /审查时的地块/);
  assert.equal(await page.locator("#ask").isVisible(), true);
}

export async function sees_the_evidence_on_the_map(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  const decision = await ask(visit, "grant", { parcel_code: LISTED });
  const asked = [];
  page.on("response", (response) => {
    if (response.url().includes("/v1/plots/")) asked.push(new URL(response.url()));
  });
  await page.goto(`/?decision=${decision.id}`);
  await page.waitForSelector(".pin");
  await visit.mapDrawn();
  await page.click(".pin");
  await visit.mapDrawn();
  assert.ok(asked.length > 0, "no shape was asked for");
  const { change } = decision.data_versions;
  assert.equal(asked[0].searchParams.get("known_at"), String(change));
  assert.equal(asked[0].searchParams.get("as_of"), decision.as_of);
}

export async function is_shown_only_the_fields_a_transaction_needs(visit, { keys }) {
  const { page } = visit;
  await visit.signIn(keys.planner);
  await visit.openParcel(PLAIN);
  await page.click("#tab-decision");
  const shown = async (transaction) => {
    await page.selectOption("#ask-transaction", transaction);
    return page.locator("#ask [data-path]").evaluateAll((fields) =>
      fields.map((field) => field.dataset.path),
    );
  };
  const forms = await page.evaluate(async () => {
    const answer = await fetch("/v1/gate/transactions");
    return (await answer.json()).items;
  });
  assert.equal(forms.length, 19);
  for (const form of forms) {
    const needed = form.fields.map((field) => field.path);
    assert.deepEqual((await shown(form.code)).sort(), needed.sort(), form.code);
  }
}
