// Bundle a script and run it in node: node build/run.mjs FILE ARGUMENTS
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { bundled } from "./bundle.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [entry, ...rest] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "hashclient-web-"));
try {
  const script = join(folder, "script.mjs");
  writeFileSync(script, bundled(entry, { platform: "node" }));
  process.exitCode = spawnSync(process.execPath, [script, ...rest], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
