// Build both pages twice, compare, and write them where the package has them.
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { assembled } from "./page.mjs";

const WEB = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../hashclient/page/", import.meta.url));

process.chdir(WEB);
mkdirSync(FOLDER, { recursive: true });
for (const [name, options] of [["page.html", {}], ["page-heic.html", { isSecond: true }]]) {
  const page = assembled(options);
  if (assembled(options) !== page) throw new Error(`two builds of ${name} differ`);
  writeFileSync(`${FOLDER}${name}`, page);
  const bytes = Buffer.from(page);
  process.stdout.write(`hashclient/page/${name}: ${bytes.length} bytes, ${brotliCompressSync(bytes).length} with Brotli, ${gzipSync(bytes, { level: 9 }).length} with gzip\n`);
}
