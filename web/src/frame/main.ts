/** The frame: it chooses files, lists them, and relays. Names stay here; files are handed on without one, and none is read. */
import type { Row, ToFrame, ToFrameOnly, ToPage } from "../room/messages";
const [chooser, label, hint] = [document.querySelector("input")!, document.querySelector("label")!, document.querySelector("p")!];
const [list, film, template] = [document.querySelector("ol")!, document.querySelector("video")!, document.querySelector("template")!];
interface Listed { readonly file: File; readonly row: HTMLElement; kind: string } const files = new Map<number, Listed>();
const address = URL.createObjectURL(new Blob([document.querySelector("script")!.textContent], { type: "text/javascript" }));
const script = window.trustedTypes?.createPolicy("room", { createScriptURL: () => address }).createScriptURL(address) ?? address;
const opened = (): Worker => { const made = new Worker(script); made.addEventListener("message", hear); return made; };
let [room, count, playing, times] = [opened(), 0, 0, [] as number[]];
const tell = (message: ToPage): void => { parent.postMessage(message, "*"); };
function add(file: File): void {
  const [number, row] = [++count, template.content.firstElementChild!.cloneNode(true) as HTMLElement]; tell({ added: number });
  row.addEventListener("click", ({ target }) => { if (target instanceof HTMLButtonElement) tell({ file: number, pressed: target.name }); });
  files.set(number, { file, row: list.appendChild(row), kind: file.type.replace(/^(image|video)\/(x-)?(\w+).*|.*/, "$3").toUpperCase() });
}
function write({ title, state, leave, seen, done, marks, own }: Row, { file, row, kind }: Listed): void {
  const name = file.name.replace(/[\p{Cc}\p{Cf}]/gu, "\u2022").replace(/^(.{14}).{3,}(.{10})$/su, "$1\u2026$2"); // nothing turns it round
  const [unit, amount] = file.size < 1e5 ? [own.kb, Math.ceil(file.size / 1e3)] : [own.mb, file.size / 1e6];
  const size = `\u2068${unit.replace("{number}", amount.toLocaleString(`${own.language}-u-nu-latn`, { maximumFractionDigits: 1 }))}\u2069`;
  const words = [title, own.hasName ? name : "", [kind, size].filter((part) => part !== "").join(own.between), state, leave, seen];
  for (const [at, place] of row.querySelectorAll("b, bdi, i, span, button").entries()) place.textContent = words[at]!;
  for (const [mark, value] of Object.entries(marks)) row.setAttribute(mark, value); row.style.setProperty("--done", String(done));
}
const seeing = (ends: (time: number) => boolean, most: number): Promise<void> => new Promise((is) => { // may be late
  const see = (): number => film.requestVideoFrameCallback((_, { mediaTime }) => { if (ends(mediaTime)) is(); else see(); });
  see(); setTimeout(is, most); });
async function show({ film: number, at }: { film: number; at: number }, asking: Worker): Promise<void> {
  const until = (event: "loadeddata" | "seeked") => new Promise((is, not) => { film[`on${event}`] = is; film.onerror = not; });
  if (playing !== number) {
    film.src = URL.createObjectURL(files.get(number)!.file); [playing, times] = [number, []]; await until("loadeddata");
    film.play().catch(() => undefined); await seeing((time) => times.push(time) > 7, 500); film.pause();
  }
  film.currentTime = at; await Promise.all([until("seeked"), seeing((time) => at - time < 0.1, document.hidden ? 0 : 250)]);
  const still = await createImageBitmap(film); asking.postMessage({ film: number, at, still, lasts: film.duration, times }, [still]);
}
function hear(this: Worker, { data }: MessageEvent<ToPage | ToFrameOnly>): void {
  if (this !== room) return; // it was ended
  if ("film" in data) show(data, this).catch(() => { this.postMessage({ ...data, still: undefined, lasts: 0, times }); });
  else if ("kind" in data) files.get(data.file)!.kind = data.kind; // for the list alone
  else if ("file" in data || "ready" in data) tell(data);
}
addEventListener("message", ({ data, source: from }: MessageEvent<ToFrame>) => {
  if (from !== parent) return; // else another frame asks
  if ("choose" in data) { [label.textContent, hint.textContent, chooser.disabled] = [data.choose, data.drop, data.isShut];
    for (const [mark, value] of Object.entries(data.marks)) document.documentElement.setAttribute(mark, value);
  } else if ("row" in data) write(data, files.get(data.row)!);
  else if ("hide" in data) files.get(data.hide)!.row.querySelector("canvas")!.remove();
  else if ("leave" in data) { files.get(data.leave)!.row.remove(); files.delete(data.leave); }
  else if ("end" in data) { room.terminate(); [room, playing] = [opened(), 0]; }
  else { const { file, row } = files.get(data.file)!;
    const alike = [...files].flatMap(([at, { file: one }]) => at < data.file && one.size === file.size ? [[at, new Blob([one])]] : []);
    const boards = "blur" in data ? [row.appendChild(document.createElement("canvas")).transferControlToOffscreen()] : [];
    room.postMessage({ ...data, blob: new Blob([file]), alike, board: boards[0] }, boards); }
});
chooser.addEventListener("change", () => { for (const file of chooser.files ?? []) add(file); chooser.value = ""; });
for (const event of ["dragover", "drop"]) addEventListener(event, (dropped) => { dropped.preventDefault(); });
addEventListener("drop", ({ dataTransfer }) => { for (const file of (!chooser.disabled && dataTransfer?.files) || []) add(file); });
addEventListener("keydown", ({ key, repeat }) => { if (!repeat) tell({ key: key === "Shift" ? "Shift" : "other" }); });
addEventListener("pointerdown", () => { tell({ key: "other" }); });
new ResizeObserver(() => { tell({ tall: document.body.offsetHeight }); }).observe(document.body);
