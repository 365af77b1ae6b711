/** What a page of tests begins with: the page as it is, and a way in for whoever drives the browser. */
import { shell } from "../../src/page/main";

Object.assign(globalThis, { shell });
