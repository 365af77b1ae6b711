/** The frame: it chooses files, lists them, and relays. Names stay here; files are handed on without one, and none is read. */
import type { Asked, FrameLook, ToFrame, ToFrameOnly, ToPage } from "../room/messages";
interface Listed { readonly file: File; readonly row: HTMLElement; content: "any" | "image" | "video"; kind: string; asked: Asked | undefined; said: ToPage | undefined; isAgain: boolean }
const find = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;
const [chooser, label, hint, list, film] = [find("#chooser") as HTMLInputElement, find("label"), find("#drop"), find("ol"), find("video") as HTMLVideoElement];
const files = new Map<number, Listed>();
let [look, count, playing, busy] = [undefined as FrameLook | undefined, 0, 0, 0];
const address = URL.createObjectURL(new Blob([find("#room").textContent], { type: "text/javascript" }));
const trust = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes;
const script = trust ? trust.createPolicy("room", { createScriptURL: () => address }).createScriptURL(address) : address;
const opened = (): Worker => { const made = new Worker(script); made.addEventListener("message", hear); return made; };
let room = opened();
const tell = (message: ToPage): void => { parent.postMessage(message, "*"); };
const bare = (number: number): Blob => new Blob([files.get(number)!.file]);
const made = <K extends keyof HTMLElementTagNameMap>(tag: K, ...inside: Node[]): HTMLElementTagNameMap[K] => { const element = document.createElement(tag); element.append(...inside); return element; };
function write({ words, language, hasNames, isHashing, hasPreviews, marked } = look!): void {
  for (const [number, { file, row, content, kind, said = { ready: true }, isAgain }] of files) {
    const [title, name, about, state, leave, seen] = [...row.querySelectorAll<HTMLElement>("b, bdi, i, span, button")];
    const shown = file.name.replace(/[\p{Cc}\p{Cf}]/gu, "\u2022"); // of a control or a direction only a dot is seen
    const cut = shown.length > 40 ? `${shown.substring(0, 24)}\u2026${shown.substring(shown.length - 12)}` : shown;
    const [unit, size] = file.size < 1e5 ? [words.kb, Math.ceil(file.size / 1e3)] : [words.mb, file.size / 1e6];
    const inWords = unit.replace("{number}", new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(size));
    [title!.textContent, name!.textContent] = [words[content].replace("{position}", String(number)), hasNames ? cut : ""];
    about!.textContent = [kind || file.type.replace(/^.*\//, "").toUpperCase(), inWords].filter((part) => part !== "").join(words.between);
    const now = "done" in said ? words.progress.replace("{done}", String(said.done)) : "refused" in said ? (words.refused[content]?.[said.refused] ?? "") : "found" in said ? words.done : "file" in said ? words.waits : "";
    state!.textContent = isAgain && !("found" in said) ? `${words.slept} ${now}` : now;
    leave!.textContent = (isHashing && !("found" in said || "refused" in said) ? words.stop : words.leave).replace("{position}", String(number));
    [seen!.hidden, seen!.textContent] = [!hasPreviews || content === "any", row.querySelector("canvas") ? words.not_blurred : words.blurred];
    row.setAttribute("aria-current", String(marked === number));
    row.dataset["is"] = "found" in said ? "done" : "refused" in said ? "cannot" : "";
    row.style.setProperty("--done", "done" in said ? String(said.done) : "found" in said ? "100" : "0");
  }
}
function add(file: File): void {
  const [number, leave, seen] = [++count, made("button"), made("button")];
  const row = made("li", made("p", made("b"), made("bdi"), made("i")), made("span"), leave, seen);
  leave.addEventListener("click", () => { drop(number); tell({ left: number }); });
  seen.addEventListener("click", () => { blur(number, row.querySelector("canvas") === null); write(); });
  list.append(row);
  files.set(number, { file, row, content: "any", kind: "", asked: { look: number }, said: undefined, isAgain: false });
  if (look) write();
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
  for (const [file, listed] of files) if (listed.asked && "make" in listed.asked && (number === 0 || number === file)) { listed.asked = undefined; tell(listed.said = { file, stopped: true }); }
  end(number || busy);
  write();
}
function blur(number: number, isShown: boolean): void {
  files.get(number)?.row.querySelector("canvas")?.remove();
  const board = isShown ? files.get(number)?.row.appendChild(made("canvas")).transferControlToOffscreen() : undefined;
  if (board) room.postMessage({ blur: number, blob: bare(number), board }, [board]);
}
async function show({ film: number, at }: ToFrameOnly): Promise<void> {
  const asking = room; // it may have ended when the answer is there
  const wait = (event: string): Promise<unknown> => new Promise((resolve, reject) => { film.addEventListener(event, resolve, { once: true }); film.addEventListener("error", reject, { once: true }); });
  try {
    if (playing !== number) { film.src = URL.createObjectURL(files.get(number)!.file); playing = number; await wait("loadeddata"); }
    if (film.currentTime !== at) { film.currentTime = at; await wait("seeked"); }
    const still = await createImageBitmap(film);
    asking.postMessage({ film: number, at, still, lasts: film.duration }, [still]);
  } catch { asking.postMessage({ film: number, at, still: undefined, lasts: 0 }); }
}
function hear({ data, currentTarget }: MessageEvent<ToPage | ToFrameOnly>): void {
  if (currentTarget !== room) return; // of a room that was ended
  if ("film" in data) { void show(data); return; }
  const listed = "file" in data ? files.get(data.file) : undefined;
  if (listed && "content" in data) [listed.content, listed.kind] = [data.content, data.kind ?? ""];
  if (listed && "refused" in data && !listed.asked) blur(data.file, false); // it cannot be shown
  else if (listed && !("blurred" in data)) { listed.said = data; write(); }
  if (listed || "ready" in data) tell("content" in data ? { file: data.file, content: data.content } : data); // the kind is for the list alone
  if (listed && "file" in data && !("done" in data || "blurred" in data)) { listed.asked = undefined; if (data.file === busy) busy = 0; next(); }
}
addEventListener("message", ({ data, source: from }: MessageEvent<ToFrame>) => {
  if (from !== parent) return; // else another frame asks
  if ("show" in data) {
    look = data.show;
    const [root, { words, language, direction, isChoosing, hasPreviews }] = [document.documentElement, look];
    [label.textContent, hint.textContent, root.lang, root.dir] = [words.choose, `${words.drop} ${words.kinds}`, language, direction];
    label.hidden = hint.hidden = chooser.disabled = !isChoosing;
    for (const [name, value] of Object.entries(look.look)) root.setAttribute(name, value);
    if (!hasPreviews) for (const board of document.querySelectorAll("canvas")) board.remove();
    write();
  } else if ("make" in data) { const listed = files.get(data.make.file); if (listed) [listed.asked, listed.isAgain] = [{ make: data.make }, data.isAgain]; write(); next(); }
  else if ("stop" in data) stop(data.stop);
  else if ("blur" in data) blur(data.blur, data.isShown);
  else if ("leave" in data) drop(data.leave);
  else { files.clear(); list.replaceChildren(); room.terminate(); film.removeAttribute("src"); }
});
chooser.addEventListener("change", () => { for (const file of chooser.files ?? []) add(file); chooser.value = ""; });
for (const event of ["dragover", "drop"]) addEventListener(event, (dropped) => { dropped.preventDefault(); if (event === "drop" && !chooser.disabled) for (const file of (dropped as DragEvent).dataTransfer?.files ?? []) add(file); });
for (const event of ["keydown", "pointerdown"]) addEventListener(event, (used) => { if (!(used as KeyboardEvent).repeat) tell({ key: (used as KeyboardEvent).key === "Shift" ? "Shift" : "other" }); });
new ResizeObserver(() => { tell({ tall: document.body.offsetHeight }); }).observe(document.body);
