/** The frame: it chooses files, lists them, and relays. Names stay here; files are handed on without one, and none is read. */
import type { Asked, FrameLook, ToFrame, ToFrameOnly, ToPage } from "../room/messages";
const chooser = document.querySelector<HTMLInputElement>("#chooser")!;
const label = document.querySelector("label")!;
const list = document.querySelector("ol")!;
const film = document.querySelector("video")!;
const files = new Map<number, { file: File; row: HTMLElement; state: HTMLElement; name: HTMLElement; content: "any" | "image" | "video"; asked: Asked | undefined }>();
let [words, count, playing, busy] = [undefined as FrameLook | undefined, 0, 0, 0];
const address = URL.createObjectURL(new Blob([document.querySelector("#room")!.textContent], { type: "text/javascript" }));
const trust = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
const script = trust ? trust.createPolicy("room", { createScriptURL: () => address }).createScriptURL(address) : address;
const opened = (): Worker => { const made = new Worker(script); made.addEventListener("message", hear); return made; };
let room = opened();
const tell = (message: ToPage): void => { parent.postMessage(message, "*"); };
const bare = (number: number): Blob => new Blob([files.get(number)!.file]);
function write(): void {
  for (const [number, { file, name, row, content }] of files) {
    const shown = file.name.replace(/[\p{Cc}\p{Cf}]/gu, "\u2022"); // of a control or a direction only a dot is seen
    name.textContent = !words?.hasNames ? "" : shown.length > 40 ? `${shown.substring(0, 24)}\u2026${shown.substring(shown.length - 12)}` : shown;
    row.querySelector("b")!.textContent = words?.words[content].replace("{position}", String(number)) ?? "";
    row.querySelector("button")!.textContent = words?.words.leave.replace("{position}", String(number)) ?? "";
  }
}
function add(file: File): void {
  const [number, row, name, state, leave] = [++count, document.createElement("li"), document.createElement("bdi"), document.createElement("span"), document.createElement("button")];
  leave.addEventListener("click", () => { drop(number); tell({ left: number }); });
  row.append(document.createElement("b"), name, `${(file.size / 1e6).toFixed(1)} MB`, state, leave);
  list.append(row);
  files.set(number, { file, row, name, state, content: "any", asked: { look: number } });
  next();
}
function next(): void { // one thing at a time, so that little is lost with the room
  const waiting = [...files].filter(([, { asked }]) => asked !== undefined);
  const [number = 0, listed] = waiting.find(([, { asked }]) => "look" in asked!) ?? waiting[0] ?? [];
  if (busy === 0 && listed) { busy = number; room.postMessage({ ...listed.asked, blob: bare(number) }); }
}
function end(number: number): void { // in the middle of a picture nothing but the end of the room helps
  if (number === busy) { room.terminate(); [room, busy, playing] = [opened(), 0, 0]; next(); }
}
function drop(number: number): void { files.get(number)?.row.remove(); files.delete(number); end(number); }
function stop(number: number): void {
  for (const [one, listed] of files) if (listed.asked && "make" in listed.asked && (number === 0 || number === one)) { listed.asked = undefined; listed.state.textContent = words?.words.waits ?? ""; tell({ file: one, stopped: true }); }
  end(number || busy);
}
function blur(number: number, isShown: boolean): void {
  files.get(number)?.row.querySelector("canvas")?.remove();
  const board = isShown ? files.get(number)?.row.appendChild(document.createElement("canvas")).transferControlToOffscreen() : undefined;
  if (board) room.postMessage({ blur: number, blob: bare(number), board }, [board]);
}
async function show({ film: number, at }: ToFrameOnly): Promise<void> {
  const asking = room; // it may have ended when the answer is there
  const wait = (event: string): Promise<unknown> => new Promise((resolve, reject) => { film.addEventListener(event, resolve, { once: true }); film.addEventListener("error", reject, { once: true }); });
  try {
    if (playing !== number) { film.src = URL.createObjectURL(files.get(number)!.file); playing = number; await wait("loadeddata"); }
    if (film.currentTime !== at) { film.currentTime = at; await wait("seeked"); }
    const still = await createImageBitmap(film);
    asking.postMessage({ still, lasts: film.duration }, [still]);
  } catch { asking.postMessage({ still: undefined, lasts: 0 }); }
}
function hear({ data, currentTarget }: MessageEvent<ToPage | ToFrameOnly>): void {
  if (currentTarget !== room) return; // of a room that was ended
  if ("film" in data) { void show(data); return; }
  const listed = "file" in data ? files.get(data.file) : undefined;
  if (listed && "content" in data) { listed.content = data.content; listed.state.textContent = words?.words.waits ?? ""; write(); }
  else if (listed && words && !("blurred" in data)) listed.state.textContent = "done" in data ? words.words.progress.replace("{done}", String(data.done)) : "refused" in data ? (words.words.refused[data.refused] ?? "") : words.words.done;
  if (listed || "ready" in data) tell(data);
  if (listed && "file" in data && !("done" in data || "blurred" in data)) { listed.asked = undefined; if (data.file === busy) busy = 0; next(); }
}
addEventListener("message", ({ data, source: from }: MessageEvent<ToFrame>) => {
  if (from !== parent) return; // else another frame asks
  if ("show" in data) { words = data.show; label.textContent = words.words.choose; document.documentElement.lang = words.language; document.documentElement.dir = words.direction; for (const [name, value] of Object.entries(words.look)) document.documentElement.setAttribute(name, value); write(); }
  else if ("make" in data) { const listed = files.get(data.make.file); if (listed) listed.asked = { make: data.make }; next(); }
  else if ("stop" in data) stop(data.stop);
  else if ("blur" in data) blur(data.blur, data.isShown);
  else if ("leave" in data) drop(data.leave);
  else if ("forget" in data) { files.clear(); list.replaceChildren(); room.terminate(); film.removeAttribute("src"); }
});
chooser.addEventListener("change", () => { for (const file of chooser.files ?? []) add(file); chooser.value = ""; });
for (const event of ["dragover", "drop"]) addEventListener(event, (dropped) => { dropped.preventDefault(); if (dropped instanceof DragEvent && event === "drop") for (const file of dropped.dataTransfer?.files ?? []) add(file); });
addEventListener("keydown", ({ key }) => { tell({ key: key === "Shift" ? "Shift" : "other" }); });
