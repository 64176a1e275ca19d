import assert from "node:assert/strict";
import { test } from "node:test";
import { isChinese, stretches } from "../src/core/chinese";

const chinese = (text: string): string[] =>
  stretches(text)
    .filter((one) => one.chinese)
    .map((one) => one.text);

test("a text without Chinese is one stretch", () => {
  assert.deepEqual(stretches("allow (2)"), [{ text: "allow (2)", chinese: false }]);
  assert.deepEqual(stretches(""), []);
});

test("a document's number is one stretch, digits and brackets included", () => {
  assert.deepEqual(chinese("plan (凉府发〔2017〕6号), section 四(三)9"), ["凉府发〔2017〕6号", "四(三"]);
});

test("a text is Chinese as a whole where characters outnumber words in letters", () => {
  assert.deepEqual(["1101 耕地（水田）", "ZDDM宗地代码", "pH值"].map(isChinese), [true, true, true]);
  assert.deepEqual(["Rows of the file 宗地", "4526", ""].map(isChinese), [false, false, false]);
});

test("names that stand apart are told apart, and nothing is lost", () => {
  const text = "Row 3 of 净土县 meets 甲村 and P-1";
  assert.deepEqual(chinese(text), ["净土县", "甲村"]);
  assert.equal(stretches(text).map((one) => one.text).join(""), text);
});
