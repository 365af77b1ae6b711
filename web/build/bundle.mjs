// One file of code from sources and pinned packages: the same bytes each time.
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { asLetters } from "./decoders.mjs";

process.env.ESBUILD_WORKER_THREADS = "0"; // a process a call: one that stays was seen to take a whole core while it waited
const { buildSync, transformSync } = await import("esbuild");

const WEB = fileURLToPath(new URL("..", import.meta.url));

/** The modules of hash-wasm that the page uses, as letters: the package has them as text, but gives out only whole functions. */
function wasmModules() {
  const text = readFileSync(`${WEB}node_modules/hash-wasm/dist/index.esm.js`, "utf8");
  const found = Object.fromEntries([...text.matchAll(/name\$?\w* = "(\w+)";\s*var data\$?\w* = "([\w+/=]+)"/g)].map(([, name, data]) => [name, data]));
  return Object.fromEntries(["argon2", "md5"].map((name) => {
    if (!(name in found)) throw new Error(`hash-wasm has no module ${name}`);
    return [`WASM_MODULES.${name}`, JSON.stringify(asLetters(Buffer.from(found[name], "base64")))];
  }));
}

/**
 * Bundle an entry into one script.
 *
 * @param {string} entry Path of a TypeScript file, from web/.
 * @param {{ platform?: "browser" | "node", define?: Record<string, string> }} [options] `define`: what stands for names, as code.
 * @returns {string} The code.
 */
export function bundled(entry, { platform = "browser", define = {} } = {}) {
  const [file] = buildSync({
    absWorkingDir: WEB, // else the folder in which the process was started
    entryPoints: [entry],
    bundle: true,
    define: { ...wasmModules(), ...define },
    write: false,
    platform,
    format: platform === "node" ? "esm" : "iife",
    minify: platform === "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  }).outputFiles;
  return file.text.trim();
}

/**
 * Read a style sheet, and drop what only its readers need.
 *
 * @param {string} file Path from web/.
 * @returns {string} The style sheet.
 */
export function styled(file) {
  return transformSync(readFileSync(`${WEB}${file}`, "utf8"), { loader: "css", minify: true, charset: "utf8" }).code.trim();
}
