/** The one script of the page: in the document it reads what Python wrote, and draws the first screen; in a worker it makes keys. */
import { readGuidance } from "./compact";
import { Deeds } from "./deeds";
import { FileList } from "./files";
import { answerKeys } from "./key_worker";
import { drawnAt } from "./screens";
import { Shell } from "./shell";

function textOf(selector: string): string {
  return document.querySelector(selector)!.textContent;
}

/** Draw the first screen, and hear the frame with files. */
function begin(): Shell {
  const table = readGuidance(textOf("#guidance"), textOf("noscript"));
  const service = JSON.parse(textOf("#service")) as { readonly origin: string } | null;
  const spoken = navigator.languages.map((tag) => tag.split("-")[0]!).find((code) => code in table.languages) ?? "en";
  const root = document.getElementById("page")!;
  const frame = document.getElementById("files") as HTMLIFrameElement;
  let deeds: Deeds | undefined;
  const begun = new Shell(table, root, spoken, service?.origin, (own, at) => {
    deeds ??= new Deeds(own);
    deeds.choosing.showFrame(at);
    deeds.choosing.lookFrame();
    setTimeout(() => deeds?.notLeftWaiting(own.at));
    return drawnAt(own, deeds, at);
  });
  begun.files = new FileList(
    frame,
    table,
    (said) => {
      deeds?.choosing.hear(said);
    },
    () => {
      deeds?.choosing.lookFrame();
    },
  );
  for (const way of ["error", "unhandledrejection"]) {
    addEventListener(way, () => {
      deeds?.fault();
    });
  }
  addEventListener("slept", () => {
    deeds?.choosing.slept();
  });
  root.hidden = false;
  begun.draw();
  return begun;
}

const isWorker = !("document" in globalThis);
/** The page; none where this script runs as a worker, and in a frame of somebody else, where it stays blank. */
export const shell = isWorker || self !== top ? undefined : begin();
if (isWorker) answerKeys();
