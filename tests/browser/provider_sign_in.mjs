// A person signs in at the office's identity provider, which is another site.
import assert from "node:assert/strict";
import { checkAccessibility } from "./accessibility.mjs";

const pathOf = (page) => new URL(page.url()).pathname;

export async function signs_in_at_the_provider(visit, { provider }) {
  const { page } = visit;
  await page.goto("/plots");
  assert.equal(pathOf(page), "/sign-in");
  await page.click("#sign-in-provider");
  await page.waitForSelector("#sure");
  assert.ok(page.url().startsWith(provider));
  await page.click("#sure");
  await page.waitForURL("**/plots");
  assert.match(await visit.text(".who"), /王芳/);
  const cookies = await visit.context.cookies();
  const names = cookies.map((cookie) => [cookie.name, cookie.sameSite, cookie.httpOnly]);
  assert.deepEqual(names, [["jingtu_session", "Strict", true]]);
  await page.click("#sign-out");
  await page.waitForURL("**/sign-in");
  await page.goto("/plots");
  assert.equal(pathOf(page), "/sign-in");
}

export async function is_told_who_may_enter_him(visit) {
  const { page } = visit;
  await page.goto("/sign-in");
  assert.ok((await visit.overflow()) <= 0, "the two ways are too wide");
  await checkAccessibility(visit, "two ways to sign in");
  await page.click("#sign-in-provider");
  await page.click("#sure");
  await page.waitForSelector(".sign-in-reason");
  assert.match(await visit.text(".sign-in-reason"), /stranger-9/);
  assert.ok((await visit.overflow()) <= 0, "the refusal is too wide");
  await checkAccessibility(visit, "refusal");
  await page.click(".sign-in .is-main");
  await page.waitForSelector("#sure");
  assert.match(page.url(), /prompt=login/);
}
