/** The frame: it chooses files, lists them, and relays. Names stay here; files are handed on without one, and none is read. */
import type { FrameLook, ToFrame, ToFrameOnly, ToPage } from "../room/messages";
interface Listed { readonly file: File; readonly row: HTMLElement; content: "any" | "image" | "video"; kind: string; said: ToPage | undefined; hasSlept: boolean }
const find = <T extends Element>(selector: string): T => document.querySelector<T>(selector)!;
const [chooser, label, list, film] = [find<HTMLInputElement>("#chooser"), find<HTMLElement>("label"), find<HTMLElement>("ol"), find<HTMLVideoElement>("video")];
const files = new Map<number, Listed>();
let [look, count, playing] = [undefined as FrameLook | undefined, 0, 0];
const address = URL.createObjectURL(new Blob([find("#room").textContent], { type: "text/javascript" }));
const trust = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
const script = trust ? trust.createPolicy("room", { createScriptURL: () => address }).createScriptURL(address) : address;
const tell = (message: ToPage): void => { parent.postMessage(message, "*"); };
const bare = (number: number): Blob => new Blob([files.get(number)!.file]);
const made = <K extends keyof HTMLElementTagNameMap>(tag: K, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] => { const element = document.createElement(tag); element.append(...inside); return element; };
function opened(): Worker {
  const worker = new Worker(script);
  worker.addEventListener("message", ({ data }: MessageEvent<ToPage | ToFrameOnly>) => {
    if ("film" in data) { void show(data); return; }
    const listed = "file" in data ? files.get(data.file) : undefined;
    if (listed) { if ("content" in data) [listed.content, listed.kind] = [data.content, data.kind]; listed.said = data; write(); }
    if (listed || "ready" in data) tell(data);
  });
  return worker;
}
let room = opened();
function stateOf({ said, content, hasSlept }: Listed, { words }: FrameLook): string {
  if (said === undefined) return hasSlept ? words.slept : "";
  if ("done" in said) return `${hasSlept ? `${words.slept} ` : ""}${words.progress.replace("{done}", String(said.done))}`;
  return "refused" in said ? (words.refused[content]?.[said.refused] ?? words.refused["any"]![said.refused] ?? "") : "found" in said ? words.done : words.waits;
}
function write(): void {
  if (!look) return;
  const { words, language, hasNames, isHashing } = look;
  for (const [number, listed] of files) {
    const { file, row, content, kind, said } = listed;
    const [title, name, about, state, leave] = [...row.querySelectorAll("b, bdi, i, span, button")];
    const shown = file.name.replace(/[\p{Cc}\p{Cf}]/gu, "\u2022"); // of a control or a direction only a dot is seen
    const [unit, size] = file.size < 1e5 ? [words.kb, Math.ceil(file.size / 1e3)] : [words.mb, file.size / 1e6];
    title!.textContent = words[content].replace("{position}", String(number)) + words.between;
    name!.textContent = !hasNames ? "" : shown.length > 40 ? `${shown.substring(0, 24)}\u2026${shown.substring(shown.length - 12)}` : shown;
    about!.textContent = [...(hasNames ? [""] : []), kind || file.type.replace(/^.*\//, "").toUpperCase(), unit.replace("{number}", new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(size))].join(words.between);
    state!.textContent = stateOf(listed, look);
    leave!.textContent = (isHashing && !(said && ("found" in said || "refused" in said)) ? words.stop : words.leave).replace("{position}", String(number));
    row.setAttribute("aria-current", String(look.marked === number));
  }
}
function add(file: File): void {
  const [number, leave] = [++count, made("button")];
  const row = made("li", made("p", made("b"), made("bdi"), made("i")), made("span"), leave);
  leave.addEventListener("click", () => { drop(number); tell({ left: number }); });
  list.append(row);
  files.set(number, { file, row, content: "any", kind: "", said: undefined, hasSlept: false });
  write();
  room.postMessage({ look: number, blob: bare(number) });
}
function drop(number: number): void { files.get(number)?.row.remove(); files.delete(number); room.postMessage({ leave: number }); }
async function show({ film: number, at }: ToFrameOnly): Promise<void> {
  const wait = (event: string): Promise<unknown> => new Promise((resolve, reject) => { film.addEventListener(event, resolve, { once: true }); film.addEventListener("error", reject, { once: true }); });
  try {
    if (playing !== number) { film.src = URL.createObjectURL(files.get(number)!.file); playing = number; await wait("loadeddata"); }
    if (film.currentTime !== at) { film.currentTime = at; await wait("seeked"); }
    const still = await createImageBitmap(film);
    room.postMessage({ still, lasts: film.duration }, [still]);
  } catch { room.postMessage({ still: undefined, lasts: 0 }); }
}
addEventListener("message", ({ data, source: from }: MessageEvent<ToFrame>) => {
  if (from !== parent) return; // else another frame asks
  const root = document.documentElement;
  if ("show" in data) {
    look = data.show;
    const { words, language, direction, isChoosing } = look;
    [label.textContent, find("#drop").textContent, root.lang, root.dir] = [words.choose, `${words.drop} ${words.kinds}`, language, direction];
    chooser.disabled = label.hidden = find<HTMLElement>("#drop").hidden = !isChoosing;
    for (const [name, value] of Object.entries(look.look)) root.setAttribute(name, value);
    write();
  } else if ("make" in data) { if (files.has(data.make.file)) room.postMessage({ make: data.make, blob: bare(data.make.file) }); }
  else if ("leave" in data) drop(data.leave);
  else if ("restart" in data) {
    room.terminate();
    [room, playing] = [opened(), 0];
    for (const [number, listed] of files) {
      if (listed.said && ("found" in listed.said || "refused" in listed.said)) continue;
      [listed.hasSlept, listed.said] = [listed.content !== "any", undefined];
      if (!listed.hasSlept) room.postMessage({ look: number, blob: bare(number) });
    }
    write();
  } else { room.terminate(); for (const number of files.keys()) drop(number); film.removeAttribute("src"); }
});
chooser.addEventListener("change", () => { for (const file of chooser.files ?? []) add(file); chooser.value = ""; });
for (const event of ["dragover", "drop"]) addEventListener(event, (dropped) => { dropped.preventDefault(); if (event === "drop" && !chooser.disabled) for (const file of (dropped as DragEvent).dataTransfer?.files ?? []) add(file); });
for (const event of ["keydown", "pointerdown"]) addEventListener(event, (used) => { if (!(used as KeyboardEvent).repeat) tell({ key: (used as KeyboardEvent).key === "Shift" ? "Shift" : "other" }); });
