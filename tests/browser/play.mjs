// Play one scenario in Debian's Chromium and end with 1 when it does not hold.
//
//   node tests/browser/play.mjs <scenario> '{"url": …, "keys": …}'
import { createRequire } from "node:module";
import { launch } from "./browser.mjs";
import * as consultations from "./consultations.mjs";
import * as failures from "./failures.mjs";
import * as history from "./history.mjs";
import * as indicators from "./indicators.mjs";
import * as plotLife from "./plot_life.mjs";
import * as plots from "./plots.mjs";
import * as providerSignIn from "./provider_sign_in.mjs";
import * as publicRegisters from "./public.mjs";
import * as officer from "./scenarios.mjs";
import * as screening from "./screening.mjs";
import * as surveyor from "./surveyor.mjs";
import * as tasks from "./tasks.mjs";

const scenarios = {
  ...officer,
  ...consultations,
  ...failures,
  ...history,
  ...indicators,
  ...plotLife,
  ...plots,
  ...providerSignIn,
  ...publicRegisters,
  ...surveyor,
  ...tasks,
  ...screening,
};

const [name, settings] = process.argv.slice(2);
const options = JSON.parse(settings);
const scenario = scenarios[name];
if (!scenario) throw new Error(`There is no scenario "${name}".`);

const require = createRequire(new URL("../../app/frontend/package.json", import.meta.url));
const browser = await launch(require("playwright-core").chromium, options);
try {
  const visit = await browser.visit(options);
  await scenario(visit, options);
  visit.assertClean();
} finally {
  await browser.close();
}
