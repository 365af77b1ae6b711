/** The page: reads what Python wrote, and draws the first screen. */
import { Deeds } from "./deeds";
import { FileList } from "./files";
import { readGuidance } from "./guidance";
import { drawnAt } from "./screens";
import { Shell } from "./shell";

function textOf(selector: string): string {
  return document.querySelector(selector)!.textContent;
}

const table = readGuidance(textOf("#guidance"), textOf("noscript"));
const service = JSON.parse(textOf("#service")) as { readonly origin: string } | null;
const spoken = navigator.languages.map((tag) => tag.split("-")[0]!).find((code) => code in table.languages) ?? "en";
const root = document.getElementById("page")!;
const frame = document.getElementById("files") as HTMLIFrameElement;
let deeds: Deeds | undefined;
const shell = new Shell(table, root, spoken, service?.origin, (own, at) => {
  deeds ??= new Deeds(own);
  deeds.showFrame(at);
  deeds.lookFrame();
  return drawnAt(own, deeds, at);
});
shell.files = new FileList(
  frame,
  table,
  (said) => {
    deeds?.hear(said);
  },
  () => {
    deeds?.lookFrame();
  },
);
frame.title = shell.say(table.files.words["title"]);
root.hidden = false;
shell.draw();
