// Run tests of the core in node: bundle every tests/*.test.ts, and hand them to node's own runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { bundled } from "./bundle.mjs";
import { decoders } from "./decoders.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), "hashclient-web-"));
try {
  const tests = readdirSync("tests").filter((name) => name.endsWith(".test.ts"));
  const scripts = tests.map((name) => join(folder, name.replace(/ts$/, "mjs")));
  tests.forEach((name, index) => writeFileSync(scripts[index], bundled(join("tests", name), { platform: "node", define: decoders() })));
  process.exitCode = spawnSync(process.execPath, ["--test", "--test-reporter=spec", ...scripts], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
