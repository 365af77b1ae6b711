// Build the page twice, compare, and write it where the package has it.
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { assembled } from "./page.mjs";

const WEB = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = fileURLToPath(new URL("../../hashclient/page/", import.meta.url));

process.chdir(WEB);
const page = assembled();
if (assembled() !== page) {
  throw new Error("two builds of the page differ");
}
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}page.html`, page);
const bytes = Buffer.from(page);
process.stdout.write(`hashclient/page/page.html: ${bytes.length} bytes, ${brotliCompressSync(bytes).length} with Brotli, ${gzipSync(bytes, { level: 9 }).length} with gzip\n`);
