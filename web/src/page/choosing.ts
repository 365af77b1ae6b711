/** From choosing files to what comes of them: each is looked at, asked about, hashed; the frame lists them, and hears how each is. */
import { MAX_FRAMES, MAX_ITEMS, type SignalType } from "../core/wire";
import type { Said } from "./files";
import type { Guidance, Reference } from "./guidance";
import type { Shell } from "./shell";
import { type Chosen, type Visit, itemsOf, whyNothing } from "./visit";

const SAYS_PROGRESS_MS = 5000;

/** Whether nothing more is to come of a file. */
function isSettled({ answer, found, failed }: Chosen): boolean {
  return answer === "leave_out" || found !== undefined || failed !== undefined;
}

/** Whether a file may be shown blurred at a screen. */
function hasPreviews(screen: string): boolean {
  return screen === "made_from" || screen === "inner";
}

/** Whether a file is still being looked at. */
function isLookedAt({ answer, kind, failed }: Chosen): boolean {
  return kind === "any" && answer === undefined && failed === undefined;
}

/** Whether a file is still to be asked about. */
function isUnanswered({ answer, kind, failed }: Chosen): boolean {
  return answer === undefined && failed === undefined && kind !== "any";
}

/** What is said of a file that is refused. */
export function reasonOf({ reasons }: Guidance, kind: Chosen["kind"], code: string): Reference {
  return reasons[kind]?.[code] ?? reasons["any"]?.[code] ?? reasons["any"]!["stopped-media"]!;
}

/** How far the files are, in words. */
export function progressWords({ table, visit, speech }: Shell): string {
  const going = visit.files.filter(({ answer }) => answer !== "leave_out");
  return speech.say(table.files.ready, { done: going.filter(isSettled).length, count: going.length });
}

export class Choosing {
  readonly #shell: Shell;
  #saidProgress = 0;
  /** Go on was pressed while files were still looked at. */
  #isGoingOn = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  get #visit(): Visit {
    return this.#shell.visit;
  }

  /** Go on from the list, once all of it was looked at. */
  chosen(): void {
    const { files } = this.#visit;
    if (files.every(({ kind, answer }) => kind === "any" && answer !== undefined)) this.#shell.fail("none_chosen");
    else if (files.some(isLookedAt)) {
      this.#shell.tell(this.#shell.table.files.words["looking"]);
      this.#isGoingOn = true;
    } else this.goOn();
  }

  /** The device slept: what was being hashed is started again. */
  slept(): void {
    if (this.#shell.at !== "hashing") return;
    this.stop();
    const first = this.#visit.files.find((file) => !isSettled(file));
    if (first !== undefined) first.isAgain = true;
    this.lookFrame();
    this.#make();
  }

  /** The frame is in sight where files are spoken of, and gone once number and PIN are shown. */
  showFrame(at: string): void {
    const { files, table } = this.#shell;
    const [id = ""] = at.split(" ");
    this.#isGoingOn &&= id === "choose_files";
    const shows = (table.screens[id]?.parts ?? []).some(({ kind }) => kind === "files");
    if (id === "choose_files" && files?.isUsed === false && this.#visit.files.length > 0) this.#visit.startRequest(); // its list has gone
    if (files === undefined) return;
    files.most = this.#visit.profile?.limits.items ?? MAX_ITEMS;
    files.types = this.#typesOf("image", "video");
    files.show(shows && (id === "choose_files" || files.isUsed));
  }

  /** What is asked for of files of these kinds. */
  #typesOf(...kinds: readonly ("image" | "video")[]): readonly SignalType[] {
    const { profile } = this.#visit;
    return kinds.flatMap((kind) => this.#shell.table.recipes.types[kind]).filter((type) => profile?.signal_types.includes(type) ?? true);
  }

  /** Say to the frame what language and look are in use, and how each file is. */
  lookFrame(): void {
    const { table, speech, settings, files, at } = this.#shell;
    const { words } = table.files;
    const [id = ""] = at.split(" ");
    const look = Object.fromEntries(["theme", "text", "spacing"].map((name) => [`data-${name}`, settings[name]!]));
    files?.look({
      choose: speech.say(words["choose"]),
      drop: `${speech.say(words["drop"])} ${speech.say(words["kinds"])}`,
      isShut: id !== "choose_files",
      marks: { ...look, lang: speech.code, dir: table.languages[speech.code]!.is_rtl ? "rtl" : "ltr" },
    }, speech.say(words["title"]), hasPreviews(id));
    for (const place of this.#visit.files.keys()) this.#write(place + 1);
  }

  /** Write the row of a file; the frame adds name, kind and size. */
  #write(number: number): void {
    const { table, speech, settings, files, at } = this.#shell;
    const { words, number_alone: alone, sizes } = table.files;
    const [id = "", marked] = at.split(" ");
    const file = this.#visit.files[number - 1]!;
    const { kind, done, sameAs, isAgain } = file;
    const failed = file.failed ?? whyNothing(file);
    const found = failed === undefined ? file.found : undefined;
    const say = (reference: Reference | undefined): string => speech.say(reference, { position: number, done: done ?? 0, earlier: sameAs ?? 0 });
    const isOver = found !== undefined || failed !== undefined || sameAs !== undefined;
    const state = found ? words["done"] : failed !== undefined ? reasonOf(table, kind, failed) : words[sameAs !== undefined ? "same_twice" : done !== undefined ? "progress" : "waits"];
    const isMarked = Number(marked) === number;
    files?.write({
      row: number,
      title: say(alone[kind]),
      state: `${isAgain === true && !isOver ? `${say(words["slept"])} ` : ""}${say(state)}`,
      leave: say(words[id === "hashing" && !isOver ? "stop" : "leave_out"]),
      seen: hasPreviews(id) && kind !== "any" ? say(words[files.isShown(number) ? "not_blurred" : "blurred"]) : "",
      done: found ? 100 : isOver ? 0 : (done ?? 0),
      marks: { "aria-current": String(isMarked), "data-is": !isMarked && (id === "per_file" || id === "inner") ? "away" : found ? "done" : failed !== undefined ? "cannot" : "" }, // these ask about one file alone
      own: { hasName: settings["names"] === "shown", language: speech.code, between: say(table.words["between_names"]), kb: say(sizes["kb"]), mb: say(sizes["mb"]) },
    });
  }

  /** Hear the frame. */
  hear(said: Said): void {
    const shell = this.#shell;
    const { files } = this.#visit;
    if (said.is === "key") {
      shell.used();
      shell.pressed(said.isShift);
      return;
    }
    if (said.is === "full") {
      if (!this.#visit.errors.has("list_full")) shell.fail("list_full", { most: shell.files!.most });
      return;
    }
    if (said.is === "ready") {
      this.#visit.isFit = said.isFit && this.#visit.isFit !== false;
      if (shell.at === "hashing") this.#make();
      return;
    }
    if (said.is === "seen" || said.is === "blurred") {
      this.#write(said.file);
      return;
    }
    const place = said.file - 1;
    if (said.is === "added") {
      while (files.length < place) files.push({ kind: "any", answer: "leave_out" }); // the list was full
      files[place] = { kind: "any" };
      this.#visit.hadFiles = true;
    } else if (said.is === "chosen") {
      const isTwin = said.sameAs !== undefined && (files[said.sameAs - 1]?.kind ?? "any") !== "any"; // else that was left out meanwhile
      files[place] = isTwin ? { kind: said.content, sameAs: said.sameAs, answer: "leave_out" } : { kind: said.content };
      this.#visit.ticked.clear(); // what was declared was of the others
    } else if (said.is === "left") {
      files[place] = { kind: "any", answer: "leave_out" };
      this.#bequeath(said.file);
    } else if (said.is === "progress") files[place]!.done = said.done;
    else if (said.is === "refused") files[place] = { ...files[place]!, failed: said.reason, kind: said.content ?? files[place]!.kind };
    else Object.assign(files[place]!, { found: said.found, isDoubtful: said.isDoubtful });
    if (said.is !== "left") this.#write(said.file);
    if (said.is === "added" && this.#visit.errors.delete("none_chosen")) shell.draw(false);
    if (said.is !== "added" && said.is !== "progress") this.#settled(said.file);
    const line = document.getElementById("progress");
    if (line === null || Date.now() - this.#saidProgress < SAYS_PROGRESS_MS) return;
    this.#saidProgress = Date.now();
    line.textContent = progressWords(shell);
  }

  /** A file was left out: the next one that is the same stands for it now. */
  #bequeath(file: number): void {
    const { files } = this.#visit;
    const heir = files.findIndex(({ sameAs }) => sameAs === file) + 1;
    if (heir === 0) return;
    files[heir - 1] = { kind: files[heir - 1]!.kind };
    for (const other of files) if (other.sameAs === file) other.sameAs = heir;
    for (const [place, { sameAs }] of files.entries()) if (place + 1 === heir || sameAs === heir) this.#write(place + 1);
  }

  /** An answer to a question about a file; it leads on to the next file. */
  answerFile(id: string, number: number, answer: string): void {
    const file = this.#visit.files[number - 1];
    if (file === undefined) return;
    if (answer === "under_18") {
      this.#shell.forget("HAND_OFF");
    } else if (file.kind === "any") this.goOn(true); // it was left out meanwhile
    else if (id === "inner") {
      file.inner = answer === "both" ? "both" : "as_it_is";
      this.goOn();
    } else if (id === "made_from") {
      if (answer === "none") delete file.madeFrom;
      else file.madeFrom = Number(answer);
      this.goOn();
    } else {
      file.answer = answer;
      const others = this.#visit.files.length > 1;
      if (answer === "from_here" && others) this.#shell.go(`made_from ${number}`);
      else this.goOn();
    }
  }

  /** Where the files lead: to the next question, to waiting, or to what comes of them. */
  #onward(): string {
    const { files } = this.#visit;
    const asks = files.findIndex(isUnanswered);
    if (asks >= 0) return `per_file ${asks + 1}`;
    if (!files.every(isSettled)) return "hashing";
    const inner = files.findIndex(({ found, answer, inner: said }) => answer !== "leave_out" && (found?.items.length ?? 0) > 1 && said === undefined);
    return inner >= 0 ? `inner ${inner + 1}` : itemsOf(this.#visit).length > 0 ? "review" : "none_usable";
  }

  /** Go on with the files. `isInstead`: the screen in sight is nothing to go back to. */
  goOn(isInstead = this.#shell.at === "hashing"): void {
    const to = this.#onward();
    if (to !== this.#shell.at) this.#shell[isInstead ? "instead" : "go"](to);
    if (to === "hashing") this.#make();
  }

  /** Have all files hashed that wait for it, once the room is open. */
  #make(): void {
    const { profile, files, isFit, errors } = this.#visit;
    if (isFit === undefined) return;
    if (!isFit) {
      if (!errors.has("self_test")) this.#shell.fail("self_test"); // a hash of a browser that changes pictures is never made
      return;
    }
    for (const [at, file] of files.entries()) {
      if (isSettled(file) || file.answer === undefined) continue;
      const types = file.kind === "any" ? [] : this.#typesOf(file.kind);
      this.#shell.files?.make(at + 1, types, profile?.limits.frames_per_video ?? MAX_FRAMES);
    }
  }

  /** Hash no file any more, until it is asked for again. */
  stop(): void {
    this.#shell.files?.stop();
    for (const file of this.#visit.files) if (!isSettled(file)) Object.assign(file, { isAgain: false, done: undefined });
  }

  /** A file was looked at, hashed or left out: that may end a wait, and nobody is asked about one that was left out. */
  #settled(file: number): void {
    const { at } = this.#shell;
    const { files } = this.#visit;
    const isLeft = files[file - 1]!.kind === "any";
    if (at === "hashing" || (at === "choose_files" && this.#isGoingOn && !files.some(isLookedAt))) this.goOn();
    else if (isLeft && ["per_file", "made_from", "inner"].some((id) => at === `${id} ${file}`)) this.goOn(true);
    else if (at.startsWith("made_from")) this.#shell.draw(false); // its answers are others now
  }
}
