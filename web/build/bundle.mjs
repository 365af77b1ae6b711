// One file of code from sources and pinned packages: the same bytes each time.
import process from "node:process";
import { fileURLToPath } from "node:url";

process.env.ESBUILD_WORKER_THREADS = "0"; // a process a call: one that stays was seen to take a whole core while it waited
const { buildSync } = await import("esbuild");

const WEB = fileURLToPath(new URL("..", import.meta.url));

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
    write: false,
    platform,
    define,
    format: platform === "node" ? "esm" : "iife",
    minify: platform === "browser",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  }).outputFiles;
  return file.text.trim();
}
