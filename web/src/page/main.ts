/** The page: reads what Python wrote, and draws the first screen. */
import { Deeds } from "./deeds";
import { FileList } from "./files";
import type { Guidance } from "./guidance";
import { drawnAt } from "./screens";
import { Shell } from "./shell";

function data(id: string): unknown {
  return JSON.parse(document.getElementById(id)!.textContent);
}

/** Draw the first screen, and hear the frame with files. */
function begin(): void {
  const table = data("guidance") as Guidance;
  const service = data("service") as { readonly origin: string } | null;
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

if (self === top) begin(); // in a frame of somebody else it stays blank
