/** The one script of the page: in the document it reads what Python wrote, and draws the first screen; in a worker it makes keys. */
import { Deeds } from "./deeds";
import { FileList } from "./files";
import { readGuidance } from "./guidance";
import { answerKeys } from "./key_worker";
import { drawnAt } from "./screens";
import { Shell } from "./shell";

function textOf(selector: string): string {
  return document.querySelector(selector)!.textContent;
}

function begin(): void {
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
}

if ("document" in globalThis) begin();
else answerKeys();
