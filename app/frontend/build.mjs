// Build app/static/: hashed scripts, styles, catalogues and the manifest that the
// page templates read.
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "..", "static");
const catalogues = join(here, "..", "pages", "catalogue");
const images = join(here, "src", "images");

/** Write `bytes` under a name that carries their digest; return that name. */
function writeHashed(outdir, name, bytes) {
  const extension = extname(name);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = `${basename(name, extension)}-${digest}${extension}`;
  writeFileSync(join(outdir, hashed), bytes);
  return hashed;
}

/** One ES module a language, merged from the catalogue's JSON files. */
function writeCatalogue(outdir, language) {
  const folder = join(catalogues, language);
  const messages = {};
  for (const name of readdirSync(folder).sort()) {
    Object.assign(messages, JSON.parse(readFileSync(join(folder, name), "utf8")));
  }
  const source = `export default ${JSON.stringify(messages)};\n`;
  return writeHashed(outdir, `catalogue-${language}.js`, source);
}

/** Bundle the pages; chunks are shared, the map library loads on demand. */
async function bundle(outdir, worker) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: {
      query: "src/pages/query.ts",
      consultations: "src/pages/consultations.ts",
      decisions: "src/pages/decisions.ts",
      uploads: "src/pages/uploads.ts",
      screening: "src/pages/screening.ts",
      plot: "src/pages/plot.ts",
      plots: "src/pages/plots.ts",
      tasks: "src/pages/tasks.ts",
      indicators: "src/pages/indicators.ts",
      "data-sets": "src/pages/data-sets.ts",
      "sign-in": "src/pages/sign-in.ts",
      verify: "src/pages/verify.ts",
      app: "src/styles/app.css",
    },
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome108", "firefox110", "safari16.4"],
    minify: true,
    metafile: true,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    legalComments: "linked",
    define: { MAP_WORKER_FILE: JSON.stringify(worker) },
    logLevel: "warning",
  });
  const entries = {};
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    if (!output.entryPoint?.match(/^src\/(pages|styles)\//)) continue;
    const name = basename(output.entryPoint).replace(/\.ts$/, ".js");
    entries[name] = basename(path);
  }
  return entries;
}

/** Compressed copies for clients that accept them; the server picks. */
function compress(outdir) {
  for (const name of readdirSync(outdir)) {
    if (!/\.(m?js|css|svg)$/.test(name)) continue;
    const bytes = readFileSync(join(outdir, name));
    writeFileSync(join(outdir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

/** Build into a sibling folder and swap it in, so a reader never sees half. */
async function buildAll() {
  const outdir = `${target}.new`;
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const maplibre = join(here, "node_modules", "maplibre-gl", "dist");
  const workerSource = readFileSync(join(maplibre, "maplibre-gl-worker.mjs"), "utf8");
  const worker = writeHashed(
    outdir,
    "map-worker.js",
    workerSource.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
  );
  const manifest = await bundle(outdir, worker);
  for (const language of readdirSync(catalogues)) {
    manifest[`catalogue-${language}.js`] = writeCatalogue(outdir, language);
  }
  for (const name of readdirSync(images)) {
    manifest[name] = writeHashed(outdir, name, readFileSync(join(images, name)));
  }
  compress(outdir);
  writeFileSync(join(outdir, "manifest.json"), JSON.stringify(manifest, null, 2));
  rmSync(`${target}.old`, { recursive: true, force: true });
  try {
    renameSync(target, `${target}.old`);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  renameSync(outdir, target);
  rmSync(`${target}.old`, { recursive: true, force: true });
  console.log(`built ${Object.keys(manifest).length} assets in ${relative(process.cwd(), target) || target}`);
}

await buildAll();
