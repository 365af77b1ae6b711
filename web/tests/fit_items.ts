/** Fit items to profiles that another program wrote, and write what comes out: FILE of jobs, and the file that is written. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

import type { Item } from "../src/core/checks";
import { fit } from "../src/core/fit";
import type { EndpointProfile } from "../src/core/wire";

const [listed, written] = process.argv.slice(2) as [string, string];
const jobs = JSON.parse(readFileSync(listed, "utf8")) as { readonly items: readonly Item[]; readonly profile: EndpointProfile }[];
writeFileSync(written, JSON.stringify(jobs.map(({ items, profile }) => { const { items: fitted, leftOut } = fit(items, profile); return { items: fitted, leftOut }; })));
