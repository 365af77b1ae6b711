/**
 * What is the same on every screen: bar, truth line, steps, footer; going on and back; leaving, covering, forgetting.
 *
 * Source: PAGE of the specification, section 2.
 */
import { type Guidance, type Reference, Speech, type Fields } from "./guidance";
import type { FileList } from "./files";
import { apart, button, drawn, make } from "./view";
import { Visit, forgotten, hostOf, truthOf } from "./visit";

const [SHIFTS, WITHIN_MS, LEAVE_MS, TICK_MS, SLEPT_MS, MINUTE_MS, WARNING_MINUTES] = [3, 5000, 200, 10_000, 90_000, 60_000, 2];

/** Renders what stands in `main`. */
export type Renders = (shell: Shell, at: string) => readonly Node[];

/** What tells a control from the others when it is drawn anew. */
function signOf(one: Element): string {
  return one.id || one.textContent || [one.getAttribute("name"), one.getAttribute("value")].join(" ");
}

export class Shell {
  readonly table: Guidance;
  readonly settings: Record<string, string>;
  speech: Speech;
  visit = new Visit();
  files: FileList | undefined;

  readonly #service: string | undefined;
  readonly #root: HTMLElement;
  readonly #renders: Renders;
  #trail: string[] = [];
  #depth: number;
  #isLeaving = false;
  #shifts: number[] = [];
  #usedAt = Date.now();
  #tickedAt = Date.now();
  #over: HTMLElement | undefined;
  readonly #head: HTMLElement;
  readonly #steps: HTMLElement;
  readonly #main: HTMLElement;
  readonly #foot: HTMLElement;
  /** Above and beneath the frame with the files, which is never moved: it would load anew. */
  readonly #top: HTMLElement;
  readonly #screen: HTMLElement;

  constructor(table: Guidance, root: HTMLElement, language: string, service: string | undefined, renders: Renders) {
    this.table = table;
    this.#root = root;
    const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector)!;
    [this.#head, this.#steps, this.#main, this.#foot] = [find("#head"), find("nav"), find("main"), find("footer")];
    [this.#top, this.#screen] = [find("#top"), find("#screen")];
    this.#renders = renders;
    this.#service = service;
    this.visit.service = service;
    this.speech = new Speech(table, language);
    this.settings = Object.fromEntries(Object.entries(table.settings).map(([id, { options }]) => [id, options[0]![0]]));
    const before: unknown = history.state;
    this.#depth = typeof before === "number" && Number.isInteger(before) && before > 0 ? before : 0;
    history.replaceState(this.#depth, "");
    this.#trail[this.#depth] = table.start;
    addEventListener("popstate", ({ state }) => {
      if (this.#isLeaving) return;
      this.#depth = typeof state === "number" ? state : 0;
      this.visit.errors.clear();
      this.draw();
    });
    addEventListener("pagehide", () => {
      this.#clear();
      this.#root.replaceChildren(); // a browser that keeps the page would show it once more, before it loads anew
    });
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) location.reload();
    });
    for (const way of ["dragover", "drop"]) {
      addEventListener(way, (event) => {
        event.preventDefault(); // else the browser opens the file
      });
    }
    for (const way of ["keydown", "pointerdown"]) {
      addEventListener(way, () => {
        this.used();
      }, true);
    }
    addEventListener("keydown", ({ key, repeat }) => {
      if (!repeat) this.pressed(key === "Shift"); // held down it counts once
    }, true);
    setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  /** The screen in sight. */
  get at(): string {
    return this.#trail[this.#depth] ?? this.table.start;
  }

  /** A question for later: whether nobody went away, or forgot all, since now. */
  staying(): () => boolean {
    const { visit, at } = this;
    return () => this.visit === visit && this.at === at;
  }

  /** The screen to which Back leads. */
  get before(): string {
    return this.#trail[this.#depth - 1] ?? this.table.start;
  }

  say(reference: Reference | undefined, fields: Fields = {}, speech = this.speech): string {
    const host = hostOf(this.visit.sentTo ?? this.visit.service);
    return speech.say(reference, { host, ...fields });
  }

  /** Words, what is not broken or turned round in them apart, and beneath them the English where they are critical and nobody has read the translation. */
  said(reference: Reference | undefined, fields: Fields = {}): (Node | string)[] {
    const words = this.say(reference, fields).split(/((?:[\dA-Z]{4}-){2}[\dA-Z]{4}|https?:\/\/)/).map((part, at) => (at % 2 === 0 ? part : apart(part, { class: "unbroken" }))) as (Node | string)[];
    if (this.speech.needsEnglish(reference)) {
      words.push(make("span", { class: "english", lang: "en", dir: "ltr" }, this.say(reference, fields, new Speech(this.table, "en"))));
    }
    return words;
  }

  /** Go to a screen, one deeper in the history; where it is in sight already, no deeper: Back leads on from it at once. */
  go(to: string): void {
    if (to !== this.at) {
      this.#depth++;
      history.pushState(this.#depth, "");
      this.#trail.length = this.#depth;
    }
    this.instead(to);
  }

  /** Stand at another screen without a step: the one before is not for going back to. */
  instead(to: string): void {
    this.visit.errors.clear();
    this.#trail[this.#depth] = to;
    this.#arrive();
  }

  /** Forget all and stand at a screen; every step before is an empty start. */
  forget(to: string): void {
    this.#clear(to === "HAND_OFF");
    this.#trail[this.#depth] = to;
    this.draw();
  }

  /** Cover at once, forget all, and leave so that Back finds nothing. */
  exit(): void {
    this.#isLeaving = true;
    this.#root.replaceChildren();
    this.#over?.remove();
    this.#clear();
    const to = this.settings["leads_to"] === "weather" ? this.table.weather : "about:blank";
    const leave = (): void => {
      location.replace(to);
    };
    if (this.#depth > 0) {
      addEventListener("popstate", leave, { once: true });
      history.go(-this.#depth);
    }
    setTimeout(leave, LEAVE_MS);
  }

  /** Somebody uses the page: what was about to go stays. */
  used(): void {
    this.#usedAt = Date.now();
    if (this.#over?.dataset["is"] === "closing") this.#uncover();
  }

  /** A key was pressed, here or in the frame; three times Shift leaves. */
  pressed(isShift: boolean): void {
    const now = Date.now();
    this.#shifts = isShift ? [...this.#shifts.filter((at) => now - at < WITHIN_MS), now] : [];
    if (this.#shifts.length === SHIFTS) this.exit();
  }

  /** Show an error of this screen; `instead`: words that are truer than those of the screen. */
  fail(row: string, fields: Fields = {}, instead?: Reference): void {
    this.visit.errors.clear();
    this.visit.errors.set(row, { fields, instead });
    this.draw(false);
    this.#main.querySelector<HTMLElement>(".error")?.focus();
  }

  /** Say how something goes, at the end of the screen in sight. */
  tell(words: Reference | undefined): void {
    const line = this.#screen.querySelector("#told") ?? make("p", { id: "told", role: "status", class: "note" });
    this.#screen.append(line);
    line.textContent = this.say(words);
  }

  /** Speak another language; every answer stays. */
  speak(language: string): void {
    this.speech = new Speech(this.table, language);
    this.draw(false);
    this.#head.querySelector("select")?.focus();
  }

  /** Draw all anew. `isNew`: whether a screen was come to, and not only changed. */
  draw(isNew = true): void {
    const { table, speech } = this;
    const root = document.documentElement;
    const focused = document.activeElement;
    const { is_rtl: isRtl } = table.languages[speech.code]!;
    document.title = table.title;
    root.lang = speech.code;
    root.dir = isRtl ? "rtl" : "ltr";
    for (const name of ["theme", "exit_colour", "text", "spacing"]) root.setAttribute(`data-${name.split("_")[0]!}`, this.settings[name]!);
    this.#head.replaceChildren(this.#bar(), this.#truth(), ...this.#unreviewed());
    this.#drawSteps();
    const id = this.at.split(" ")[0]!;
    const isBackShown = this.#depth > 0 && !["start", "ended", "HAND_OFF", "sending", "hashing"].includes(id);
    const back = button("", "words", () => {
      history.back();
    }, { class: "back btn--words noprint" });
    back.append(drawn("back"), this.say(table.bar["back"]));
    const nodes = this.#renders(this, this.at);
    const frame = nodes.findIndex((node) => node instanceof Comment);
    const headings = frame >= 0 ? frame : nodes.findIndex((node) => node instanceof HTMLHeadingElement) + 1;
    this.#top.replaceChildren(...(isBackShown ? [back] : []), ...nodes.slice(0, headings));
    const rest = nodes.slice(headings);
    for (const old of [...this.#screen.childNodes]) if (!rest.includes(old)) old.remove();
    rest.forEach((node, place) => {
      const old = this.#screen.childNodes[place] ?? null;
      if (old !== node) this.#screen.insertBefore(node, old); // one that stays is not touched: the letters typed into a list still count
    });
    this.#main.dataset["at"] = id;
    this.#main.parentElement!.classList.toggle("wrap--mark", id === table.start);
    this.#foot.replaceChildren(this.#footer(id));
    const heading = this.#main.querySelector<HTMLElement>("h1");
    heading?.setAttribute("tabindex", "-1");
    if (!isNew) {
      const same = focused && [...this.#root.querySelectorAll<HTMLElement>("h1, button, input, select")].find((one) => signOf(one) === signOf(focused));
      if (document.activeElement !== focused) same?.focus({ preventScroll: true });
      return;
    }
    scrollTo(0, 0);
    (heading ?? this.#main).focus({ preventScroll: true });
  }

  /** Draw the truth line alone. */
  drawTruth(): void {
    this.#head.querySelector(".truth")?.replaceWith(this.#truth());
  }

  #arrive(): void {
    this.visit.isForgotten &&= this.at === "ended" || this.at === "HAND_OFF";
    this.draw();
  }

  #clear(isHandOff = false): void {
    this.visit.isDropped = true;
    this.visit = forgotten(this.visit, isHandOff);
    this.visit.service = this.#service ?? this.visit.service;
    this.visit.isTyped = this.#service === undefined && this.visit.service !== undefined;
    this.#trail = [];
    this.files?.end();
  }

  #bar(): HTMLElement {
    const { table, speech } = this;
    const { bar } = table;
    const exit = button(this.say(bar["exit"]), "exit", () => {
      this.exit();
    }, { "aria-label": this.say(bar["emergency"]) });
    const choose = make("select", { "aria-label": this.say(bar["language"]), class: "language" });
    for (const [code, { name }] of Object.entries(table.languages)) {
      choose.append(make("option", { value: code, lang: code, selected: code === speech.code }, name));
    }
    choose.addEventListener("change", () => {
      this.speak(choose.value);
    });
    const skip = button(this.say(bar["skip"]), "words", () => {
      this.#main.focus();
      this.#main.scrollIntoView();
    }, { class: "hidden btn btn--words" });
    const help = button(this.say(bar["help_now"]), "words", () => {
      this.go("help_now");
    });
    const links = make("div", { class: "bar__links" }, skip, help, choose);
    return make("header", { class: "bar" }, make("div", { class: "bar__in" }, exit, links));
  }

  #truth(): HTMLElement {
    const line = make("p", {}, drawn("here"), make("span", {}, ...this.said(this.table.truth[truthOf(this.visit)])));
    return make("div", { class: "truth", role: "status" }, line);
  }

  #unreviewed(): Node[] {
    const { bar, languages } = this.table;
    if (languages[this.speech.code]!.is_reviewed) return [];
    const english = button(new Speech(this.table, "en").say(bar["to_english"]), "words", () => {
      this.speak("en");
    }, { lang: "en" });
    return [make("aside", { class: "unreviewed noprint" }, make("p", {}, `${this.say(bar["unreviewed"])} `, english))];
  }

  #drawSteps(): void {
    const { steps, step, step_of: of } = this.table;
    const here = of[this.at.split(" ")[0]!];
    const place = steps.findIndex(([id]) => id === here);
    this.#steps.hidden = place < 0;
    this.#steps.parentElement!.classList.toggle("wrap--alone", place < 0);
    if (place < 0) return;
    const now = this.say(step, { number: place + 1, count: steps.length, name: this.say(steps[place]![1]) });
    const list = make("ol");
    steps.forEach(([, words], at) => {
      const is = at < place ? "done" : at === place ? "here" : "later";
      list.append(make("li", { "data-is": is, "aria-current": at === place && "step" }, make("span", {}, this.say(words))));
    });
    this.#steps.setAttribute("aria-label", now);
    this.#steps.replaceChildren(make("p", { class: "steps__now" }, now), list);
  }

  #footer(at: string): HTMLElement {
    const links = this.table.footer.filter(() => at !== "ended").map(([to, words]) =>
      button(this.say(words), "words", () => {
        this.go(to);
      }),
    );
    return make("div", {}, ...links);
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#tickedAt > SLEPT_MS) {
      this.#usedAt = now;
      dispatchEvent(new Event("slept"));
    }
    this.#tickedAt = now;
    const minutes = (now - this.#usedAt) / MINUTE_MS;
    const [cover, end] = [Number(this.settings["cover"]), Number(this.settings["end"])]; // `never` is no number, and nothing is beyond it
    if (this.at === "ended") return;
    if (minutes >= end) {
      this.#uncover();
      this.forget("ended");
    } else if (minutes >= end - WARNING_MINUTES) this.#coverWith("closing");
    else if (minutes >= cover) this.#coverWith("cover");
  }

  #coverWith(id: "cover" | "closing"): void {
    if (this.#over?.dataset["is"] === id) return;
    this.#uncover();
    const { parts = [], choices = [] } = this.table.screens[id]!;
    const over = make("section", { class: "over", role: "alertdialog", "aria-modal": "true", "data-is": id });
    const words = parts.map((part) => make("p", { id: `${id}-words` }, this.say(part.words)));
    over.append(...(id === "closing" ? words : []), ...choices.map((choice) => button(this.say(choice.words), "calm", () => {
      this.#uncover();
    })));
    over.setAttribute("aria-label", parts.map((part) => this.say(part.words)).join(" "));
    this.#root.hidden = true;
    document.body.append(over);
    this.#over = over;
    over.querySelector("button")?.focus();
  }

  #uncover(): void {
    if (this.#over === undefined) return;
    this.#over.remove();
    this.#over = undefined;
    this.#root.hidden = false;
    (this.#main.querySelector<HTMLElement>("h1") ?? this.#main).focus({ preventScroll: true });
  }
}
