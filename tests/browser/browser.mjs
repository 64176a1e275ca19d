// A browser that watches what a page must never do: errors in the console, breaches of
// the content policy, requests to any other host.
import assert from "node:assert/strict";

const FLAGS = ["--no-sandbox", "--disable-background-networking"];
const WITH_MAP = [
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];
/** Drawing a map without a graphics card takes most of a scenario's time. */
const WITHOUT_MAP = ["--disable-gpu", "--disable-3d-apis"];

// The browser reports every refused request in the console; scenarios that provoke
// one look at what the page makes of it.
const EXPECTED =
  /Failed to load resource: the server responded with a status of 4\d\d|WebGL/;

export async function launch(chromium, { map = "no" }) {
  const executablePath = process.env.JINGTU_CHROMIUM || "/usr/bin/chromium";
  const args = [...FLAGS, ...(map === "yes" ? WITH_MAP : WITHOUT_MAP)];
  const browser = await chromium.launch({ executablePath, args });
  return {
    visit: (options) => Visit.begin(browser, options),
    close: () => browser.close(),
  };
}

class Visit {
  static async begin(browser, { url, provider, language = "zh", width = "1440" }) {
    const context = await browser.newContext({
      baseURL: url,
      locale: language === "zh" ? "zh-CN" : "en-GB",
      reducedMotion: "reduce",
      viewport: { width: Number(width), height: 900 },
    });
    return new Visit(context, await context.newPage(), [url, provider ?? url]);
  }

  constructor(context, page, hosts) {
    this.context = context;
    this.page = page;
    this.complaints = [];
    page.setDefaultTimeout(20_000);
    page.on("console", (message) => {
      const bad = ["error", "warning"].includes(message.type());
      if (bad && !EXPECTED.test(message.text())) this.complain(message.text());
    });
    page.on("pageerror", (error) => this.complain(String(error)));
    page.on("request", (request) => {
      const asked = request.url();
      const known = hosts.some((host) => asked.startsWith(host));
      const own = known || /^(data|blob):/.test(asked);
      if (!own) this.complain(`asked another host: ${asked}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 500) this.complain(`${response.status()} ${response.url()}`);
    });
  }

  complain(text) {
    this.complaints.push(text);
  }

  assertClean() {
    assert.deepEqual(this.complaints, []);
  }

  async signIn(key) {
    await this.page.goto("/sign-in");
    await this.page.fill("#key", key);
    await this.page.click("#sign-in-button");
    await this.page.waitForURL("**/");
  }

  /** Open a parcel by its code and wait for what lies on it. */
  async openParcel(code) {
    await this.page.fill("#parcel-code", code);
    await this.page.click("#find-button");
    await this.page.waitForSelector("#panel-extract .status-counts");
  }

  /** Wait until the map has drawn and rests. */
  async mapDrawn() {
    await this.page.waitForSelector("#map canvas");
    // Drawn by the processor alone, a map may take long on a busy machine.
    const timeout = 90_000;
    await this.page.waitForSelector("#map[data-state=idle]", { timeout });
  }

  /** What is drawn on the map: width, height, and four bytes a pixel. */
  async pictureOfMap() {
    const picture = (await this.page.locator("#map").screenshot()).toString("base64");
    const blank = await this.context.newPage();
    const found = await blank.evaluate(async (source) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      const { width, height } = image;
      [canvas.width, canvas.height] = [width, height];
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      return { width, height, data: Array.from(pen.getImageData(0, 0, width, height).data) };
    }, picture);
    await blank.close();
    return found;
  }

  /** A place on the map as shares of its width and height, in pixels of the page. */
  async onMap(x, y) {
    const box = await this.page.locator("#map").boundingBox();
    return [box.x + box.width * x, box.y + box.height * y];
  }

  /** The middle of the map beside an open legend, above it where the map is narrow. */
  async besideLegend() {
    const [map, legend] = await Promise.all(
      ["#map", "#legend"].map((one) => this.page.locator(one).boundingBox()),
    );
    const [right, bottom] = [map.x + map.width, map.y + map.height];
    const [middleX, middleY] = [map.x + map.width / 2, map.y + map.height / 2];
    if (legend.y >= bottom || legend.height < 60) return [middleX, middleY];
    if (right - legend.x - legend.width > 300) return [(legend.x + legend.width + right) / 2, middleY];
    return [middleX, (map.y + legend.y) / 2];
  }

  text(selector) {
    return this.page.locator(selector).innerText();
  }

  /** Whether the page is wider than the window. */
  overflow() {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  /** Cells of records that stand as cards and do not say their own head. */
  cellsWithoutHead() {
    return this.page.locator(".table.records tbody").evaluateAll((bodies) => {
      const cells = bodies.flatMap((body) => [...body.querySelectorAll("th, td")]);
      const silent = cells.filter((one) => {
        const said = getComputedStyle(one, "::before").content;
        return one.offsetParent && ["none", "normal", '""'].includes(said);
      });
      return silent.map((one) => one.textContent.trim());
    });
  }

  /** Names and buttons of the masthead that its edges cut. */
  cutInMasthead() {
    return this.page.locator(".masthead").evaluate((masthead) => {
      const edge = masthead.getBoundingClientRect();
      const shown = [...masthead.querySelectorAll("a, button, .who span")];
      const cut = shown.filter((one) => {
        const box = one.getBoundingClientRect();
        const aside = box.left < edge.left || box.right > edge.right;
        return box.height > 0 && (aside || box.top < edge.top + 2 || box.bottom > edge.bottom - 2);
      });
      return cut.map((one) => one.textContent.trim());
    });
  }

  /** How far the page is longer than the window. */
  excess() {
    return this.page.evaluate(
      () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
    );
  }
}
