// A person at a keyboard: real keys alone, in Chromium and Firefox. Of the page it is only read where the focus is, and how that looks.
import assert from "node:assert/strict";

/** In every document of the page: what Tab comes to, in the document's order, and what is seen there. */
function eyes() {
  const group = (one) => [...document.querySelectorAll(`input[type=radio][name="${one.name}"]`)];
  const first = (one) => (one?.type === "radio" ? (group(one).find(({ checked }) => checked) ?? group(one)[0]) : one);
  const stops = () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex='0']")].filter((one) => !one.disabled && one.checkVisibility() && first(one) === one);
  const look = (one) => [one, one.closest("label"), one.nextElementSibling].map((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = each === null ? {} : getComputedStyle(each);
    return `${outlineStyle} ${outlineWidth} ${boxShadow}`;
  }).join();
  const words = (one) => `${one.localName} ${one.getAttribute("aria-label") ?? (one.value === undefined || one.localName === "button" ? one.textContent.trim().slice(0, 40) : one.id || one.name)}`;
  const boxOf = (one) => {
    const shown = one.closest("label") ?? (one.id === "chooser" ? one.nextElementSibling : one);
    const { top, bottom, left, right } = shown.getBoundingClientRect();
    return { top, bottom, left, right };
  };
  let resting = new Map();
  window.wrong = []; // clicks of nobody's key
  window.followed = 0;
  addEventListener("click", (event) => {
    if (!event.isTrusted || event.detail > 0) window.wrong.push(words(event.target));
    if (event.target.closest("a[href]") === null) return;
    event.preventDefault(); // the test stays here
    window.followed++;
  });
  let heard;
  addEventListener("message", (event) => {
    if (event.data?.isAsked === undefined) return;
    event.stopImmediatePropagation(); // neither the page nor the frame knows of it
    if (self === top) heard();
    else parent.postMessage(event.data, "*");
  });
  window.eyes = {
    /** Until the frame has heard all that was told it, and the page what the frame says to that. */
    heard: () => new Promise((done, not) => {
      heard = done;
      setTimeout(() => not(new Error("the frame does not answer")), 20_000);
      document.getElementById("files").contentWindow.postMessage({ isAsked: true }, "*");
    }),
    goal: undefined,
    stop: (place) => stops()[place],
    rest() {
      scrollTo(0, 0); // the bar stays in sight, so that its place on the page depends on it
      resting = new Map([...stops(), ...document.querySelectorAll("input[type=radio]")].map((one) => [one, one === document.activeElement ? "" : look(one)]));
    },
    list: () => stops().map((one) => {
      const { top, bottom, left, right } = boxOf(one);
      const region = one.closest("#head") === null ? (one.closest("main, footer")?.localName ?? "") : "header";
      return { words: words(one), isFrame: one.localName === "iframe", region, isAside: one.matches(".hidden, .exit"), top: top + scrollY, bottom: bottom + scrollY, left, right };
    }),
    /** Of the element in focus: its place among the stops, whether a ring shows it, and whether it can be seen. */
    see() {
      const one = document.activeElement;
      if (one === null || one === document.body || one === document.documentElement) return undefined;
      const { top, bottom } = boxOf(one);
      const bar = one.closest("header") === null ? (document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0) : 0;
      const inSight = Math.min(bottom, innerHeight) - Math.max(top, bar);
      const isDay = one.type === "date"; // the browser marks the part of it
      return { place: stops().indexOf(first(one)), words: words(one), isFrame: one.localName === "iframe", isRinged: isDay || (resting.has(one) && resting.get(one) !== look(one) && look(one).includes("solid")), isClear: inSight >= Math.min(24, bottom - top) - 1, box: { top, bottom } };
    },
    /** Steps of Tab to the goal, negative backwards, but not over the frame; and which way. */
    steps() {
      const list = stops();
      const from = document.activeElement ?? document.body;
      const [to, at, frame] = [list.indexOf(first(this.goal)), list.indexOf(first(from)), list.findIndex(({ localName }) => localName === "iframe")];
      const isAfter = at >= 0 ? to >= at : from === document.body || (from.compareDocumentPosition(this.goal) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      const passed = at >= 0 ? at : list.filter((one) => from !== document.body && (one.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0).length;
      const last = isAfter ? passed - (at < 0) : passed; // the stop before, going on
      const isBetween = frame >= 0 && (isAfter ? last < frame && frame <= to : to <= frame && frame < last);
      const end = isBetween ? (isAfter ? frame - 1 : frame + 1) : to;
      return { steps: frame >= 0 && at === frame ? 0 : end - last, way: isAfter ? 1 : -1 };
    },
    isThere() {
      return document.activeElement === this.goal || (this.goal.type === "radio" && first(document.activeElement) === first(this.goal));
    },
  };
}

const [ROUND, TALLEST_PX] = [200, 1200];

export class Keys {
  #page;
  #isSpace = false;
  #isFirefox;

  constructor(page, isFirefox = false) {
    this.#page = page;
    this.#isFirefox = isFirefox;
  }

  /** Before the page is opened. */
  async prepare() {
    await this.#page.evaluateOnNewDocument(eyes);
  }

  get frame() {
    return this.#page.frames().find((one) => one !== this.#page.mainFrame());
  }

  press(key) {
    return this.#page.keyboard.press(key);
  }

  /** Enter and Space by turns: a button takes both. */
  push() {
    this.#isSpace = !this.#isSpace;
    return this.press(this.#isSpace ? " " : "Enter");
  }

  async tab(times = 1) {
    const { keyboard } = this.#page;
    if (times < 0) await keyboard.down("Shift");
    if (this.#isFirefox) for (let left = Math.abs(times); left > 0; left--) await keyboard.press("Tab");
    else if (times !== 0) {
      await Promise.all(Array.from({ length: Math.abs(times) }, () => keyboard.down("Tab"))); // held down
      await keyboard.up("Tab");
    }
    if (times < 0) await keyboard.up("Shift");
  }

  /** Go by Tab or Shift and Tab to what a function finds in the page. */
  async goTo(find, ...args) {
    const page = this.#page;
    const look = new Function("source", "args", "eyes.goal = eval(`(${source})`)(...args); return eyes.goal == null ? null : eyes.steps();");
    let found = null;
    for (const end = Date.now() + 10_000; found === null && Date.now() < end; ) { // it may come in a moment
      found = await page.evaluate(look, find.toString(), args);
      if (found === null) await new Promise((done) => setTimeout(done, 20));
    }
    if (found === null) return false;
    await this.tab(found.steps);
    for (let more = 0; !(await page.evaluate(() => eyes.isThere())); more++) {
      assert.ok(more < ROUND, `no way by keyboard to ${await page.evaluate(() => eyes.goal.outerHTML.slice(0, 200))} at ${await this.at()}`);
      await this.#step(found.way);
    }
    return true;
  }

  /** One step of Tab, until it is seen: into the frame and out of it the browser takes a moment. */
  async #step(way, from) {
    const before = from ?? (await this.see())?.key;
    await this.tab(way);
    for (let tries = 0; tries < 40; tries++) {
      const now = await this.see();
      if (now?.key !== before) return now;
      if (tries > 2) await new Promise((done) => setTimeout(done, 5));
    }
    return this.see();
  }

  /** Go into the frame, to what a function finds there. */
  async goInto(find, ...args) {
    const { frame } = this;
    await this.#page.evaluate(() => eyes.heard());
    await frame.evaluate(new Function("source", "args", "eyes.goal = eval(`(${source})`)(...args); if (eyes.goal == null) throw new Error('not in the frame: ' + args);"), find.toString(), args);
    const isThere = async () => (await this.#page.evaluate(() => document.activeElement?.id)) === "files" && (await frame.evaluate(() => eyes.isThere()));
    let way = (await this.#page.evaluate(() => (document.getElementById("files").compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0)) ? -1 : 1;
    for (let more = 0; !(await isThere()); more++) {
      if (more === ROUND / 2) way = -way;
      assert.ok(more < ROUND, `no way by keyboard to ${args} in the frame`);
      await this.#step(way);
    }
  }

  at() {
    return this.#page.$eval("main", (main) => main.dataset.at);
  }

  /** Choose in a group of radios by arrows, trying each way round it the first time. */
  async choose(selector, isTour = false) {
    const page = this.#page;
    assert.ok(await this.goTo((css) => document.querySelector(css), selector), `no ${selector} at ${await this.at()}`);
    const state = () => page.evaluate((css) => {
      const goal = document.querySelector(css);
      const all = [...document.querySelectorAll(`input[type=radio][name="${goal.name}"]`)];
      return { count: all.length, goal: all.indexOf(goal), at: all.indexOf(document.activeElement), checked: all.findIndex(({ checked }) => checked) };
    }, selector);
    let now = await state();
    if (now.checked < 0) {
      await this.press(" ");
      now = await state();
      assert.equal(now.checked, now.at, `${selector}: Space chooses`);
    }
    const go = async (key, by) => {
      await this.press(key);
      const next = await state();
      assert.deepEqual([next.at, next.checked], Array(2).fill((now.at + by + now.count) % now.count), `${selector}: ${key} from ${now.at}`);
      now = next;
    };
    if (isTour && now.count > 1) {
      for (let times = 0; times < now.count; times++) await go("ArrowDown", 1);
      await go("ArrowUp", -1);
      const { at } = now;
      await this.press("ArrowRight");
      await this.press("ArrowLeft");
      now = await state();
      assert.deepEqual([now.at, now.checked], [at, at], `${selector}: sideways and back`);
    }
    while (now.at < now.goal) await go("ArrowDown", 1);
    while (now.at > now.goal) await go("ArrowUp", -1);
  }

  /** Turn a box on or off. */
  async turn(find, ...args) {
    assert.ok(await this.goTo(find, ...args));
    const before = await this.#page.evaluate(() => document.activeElement.checked);
    await this.press(" ");
    assert.equal(await this.#page.evaluate(() => document.activeElement.checked), !before, "Space turns it");
  }

  /** Tick every box that is not. */
  async tick() {
    const open = () => document.querySelector("#screen input[type=checkbox]:not(:checked)");
    while ((await this.#page.evaluate(open)) !== null) await this.turn(open);
  }

  /** Choose in every set of radios and boxes in which nothing is chosen. */
  async pickAll(choose = (selector) => this.choose(selector)) {
    for (;;) {
      const open = await this.#page.evaluate(() => {
        const one = [...document.querySelectorAll("#screen fieldset")].find((set) => set.querySelector("input:checked") === null)?.querySelector("input");
        return one && { isRadio: one.type === "radio", selector: `#screen input[name="${one.name}"][value="${one.value}"]` };
      });
      if (open === undefined) return;
      if (open.isRadio) await choose(open.selector);
      else await this.turn((selector) => document.querySelector(selector), open.selector);
    }
  }

  /** Type into every line of a screen. */
  async fill() {
    const fields = await this.#page.$$eval("#screen input:not([type=radio], [type=checkbox])", (all) => all.map(({ id, type }) => [id, type]));
    for (const [id, kind] of fields) await this.type(`#${id}`, { email: "x7@mail.example", date: "2026-11-20" }[kind] ?? "somebody");
  }

  /** Fill in all that a screen of a notice asks. */
  async fillIn(choose) {
    if ((await this.#page.$("#notice-addresses")) !== null) await this.type("#notice-addresses", "https://site.example/a");
    await this.pickAll(choose);
    await this.fill();
    await this.tick();
  }

  /** Type into a field, over what stands there. */
  async type(selector, text) {
    const page = this.#page;
    assert.ok(await this.goTo((css) => document.querySelector(css), selector), `no ${selector} at ${await this.at()}`);
    const isDay = await page.$eval(selector, ({ type }) => type === "date");
    if (!isDay) {
      await page.keyboard.down("Control");
      await page.keyboard.press("a");
      await page.keyboard.up("Control");
      await page.keyboard.press("Delete");
    }
    const [year, month, day] = text.split("-");
    await page.keyboard.type(isDay ? `${month}${day}${year}` : text);
    assert.equal(await page.$eval(selector, ({ value }) => value), text);
  }

  /** Choose in a list: by arrows, or in a long one by the first letters. */
  async select(selector, value) {
    const page = this.#page;
    assert.ok(await this.goTo((css) => document.querySelector(css), selector), `no ${selector} at ${await this.at()}`);
    const { from, to, count, words } = await page.$eval(selector, ({ options, selectedIndex }, wanted) => {
      const index = [...options].findIndex((each) => each.value === wanted);
      return { from: selectedIndex, to: index, count: options.length, words: options[index].text };
    }, value);
    if (count > 20) for (const letter of words) await this.#letter(letter);
    else for (let left = Math.abs(to - from); left > 0; left--) await this.press(to > from ? "ArrowDown" : "ArrowUp");
    const [is, stays] = await page.evaluate((css) => [document.querySelector(css).value, document.activeElement === document.querySelector(css)], selector);
    assert.equal(is, value, `${selector}: ${words}`);
    assert.ok(stays, `${selector}: the focus stays in it`);
  }

  /** Press the key of a letter, of whatever keyboard. */
  async #letter(letter) {
    if (this.#isFirefox || /[\x20-\x7e]/.test(letter)) await this.press(letter);
    else for (const type of ["keyDown", "keyUp"]) await this.#page._client().send("Input.dispatchKeyEvent", { type, key: letter, text: type === "keyDown" ? letter : undefined });
  }

  /** Choose files in the frame: a key opens the dialog of the browser. */
  async files(paths) {
    const { frame } = this;
    await frame.waitForSelector("#chooser:enabled");
    await this.goInto(() => document.querySelector("#chooser"));
    if (this.#isFirefox) { // puppeteer hears only the dialogs of the page itself there
      const opened = new Promise((done) => frame.browsingContext.once("filedialogopened", done));
      await this.push();
      await opened;
      await (await frame.$("#chooser")).uploadFile(...paths);
      return;
    }
    const asked = this.#page.waitForFileChooser();
    await new Promise((done) => setTimeout(done, 50)); // until it is heard for
    await this.push();
    await (await asked).accept(paths);
  }

  /** Where the focus is, in the page or in the frame. */
  async see() {
    const seen = await this.#page.evaluate(() => eyes.see());
    if (seen?.isFrame !== true) return seen && { ...seen, key: seen.place };
    const inside = await this.frame.evaluate(() => eyes.see());
    const height = await this.#page.evaluate(() => innerHeight);
    return inside && { ...inside, key: `files ${inside.place}`, isClear: inside.box.bottom + seen.box.top > 0 && inside.box.top + seen.box.top < height };
  }

  /** The frame is as high as what stands in it: it says so a moment after that was drawn. */
  async #fits() {
    if (!(await this.#page.evaluate(() => eyes.list().some(({ isFrame }) => isFrame)))) return;
    await this.#page.evaluate(() => eyes.heard());
    for (let tries = 0; ; tries++) {
      const inside = Math.min(await this.frame.evaluate(() => document.body.offsetHeight), TALLEST_PX);
      if ((await this.#page.$eval("#files", ({ clientHeight }) => clientHeight)) === inside) return;
      assert.ok(tries < 200, "the frame is not as high as its list");
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Go once round the whole screen with Tab, and once with Shift and Tab: all is come to, in the order in which it is seen, with a ring. */
  async round() {
    const page = this.#page;
    const at = await this.at();
    const before = await page.evaluate(() => [document.activeElement.localName, history.state, document.querySelector("#screen").textContent]);
    await this.press("Escape");
    assert.deepEqual(await page.evaluate(() => [document.activeElement.localName, history.state, document.querySelector("#screen").textContent]), before, "Escape does nothing");
    await this.#fits();
    await page.evaluate(() => eyes.rest());
    const own = await page.evaluate(() => eyes.list());
    let inside = [];
    const place = own.findIndex(({ isFrame }) => isFrame);
    if (place >= 0) {
      await this.frame.evaluate(() => eyes.rest());
      inside = (await this.frame.evaluate(() => eyes.list())).map((one) => ({ ...one, region: "main", top: one.top + own[place].top, bottom: one.bottom + own[place].top, left: one.left + own[place].left, right: one.right + own[place].left }));
    }
    const all = own.flatMap((one, key) => (one.isFrame ? inside.map((each, number) => ({ ...each, key: `files ${number}` })) : [{ ...one, key }]));
    const named = new Map(all.map(({ key, words }) => [key, `${key} ${words}`]));
    const expected = all.map(({ key }) => named.get(key));
    const walk = async (way) => {
      const keys = [];
      const end = all.at(way > 0 ? -1 : 0).key;
      for (let times = 0; times < all.length + 6; times++) {
        const now = await this.#step(way, keys.at(-1));
        if (now === undefined || now.key === keys.at(-1)) continue; // out of the page, at the edge of the frame, or within one field for a day
        if (now.key === keys[0]) break;
        keys.push(now.key);
        assert.ok(now.isRinged, `${at}: no ring shows that ${now.words} has the focus`);
        assert.ok(now.isClear, `${at}: ${now.words} has the focus out of sight`);
        if (this.#isFirefox && now.key === end) break; // beyond it the keys of the driver go to the page, and the focus does not
      }
      const start = this.#isFirefox ? 0 : keys.indexOf(all.at(way > 0 ? 0 : -1).key);
      return [...keys.slice(start), ...keys.slice(0, start)].map((key) => named.get(key) ?? key);
    };
    for (const [way, name] of [[1, "Tab"], [-1, "Shift and Tab"]]) {
      let come = await walk(way);
      const isEdgeMissed = [expected.slice(1), expected.slice(0, -1)].some((some) => some.join() === (way > 0 ? come : come.toReversed()).join());
      if (isEdgeMissed && !this.#isFirefox) come = await walk(way); // the focus came back from the browser late, and the next key was one too many
      if (way < 0) come.reverse();
      const wanted = this.#isFirefox ? (way > 0 ? expected.slice(-come.length) : expected.slice(0, -1)) : expected;
      assert.deepEqual(come, wanted, `${at}: the way of ${name}`);
    }
    assert.ok(own[0].region !== "header" || own[0].isAside, `${at}: exit is first`);
    if (own[0].region === "header" && (await this.goTo(() => document.querySelector(".bar .hidden")))) {
      await this.push();
      assert.equal(await page.evaluate(() => document.activeElement.id), "main", `${at}: to the main part`);
      const next = all.find(({ region }) => region === "main" || region === "footer");
      assert.equal((await this.#step(1, -1))?.key, (next ?? all[0]).key, `${at}: what Tab comes to in the main part`);
    }
    const isRtl = (await page.$eval("html", ({ dir }) => dir)) === "rtl";
    const order = ["header", "main", "footer", ""];
    all.slice(1).forEach((one, number) => {
      const last = all[number];
      if (one.isAside || last.isAside) return;
      if (one.region !== last.region) {
        assert.ok(order.indexOf(one.region) > order.indexOf(last.region));
        return;
      }
      const isBeside = Math.min(one.bottom, last.bottom) - Math.max(one.top, last.top) > Math.min(one.bottom - one.top, last.bottom - last.top) / 2;
      const isAfter = isBeside ? (isRtl ? one.right <= last.left + 1 : one.left >= last.right - 1) : one.top >= last.top;
      assert.ok(isAfter, `${at}: ${one.words} is seen before ${last.words}`);
    });
  }

  /** Use everything on a screen that leads nowhere: boxes, lists, folded words, links; each is left as it was. */
  async useAll() {
    const page = this.#page;
    const kinds = await page.evaluate(() => eyes.list().map(({ words }) => words));
    for (const [place, words] of kinds.entries()) {
      const [tag] = words.split(" ");
      if (!["input", "select", "summary", "a"].includes(tag)) continue;
      const find = (number) => eyes.stop(number);
      const is = await page.evaluate((number) => `${eyes.stop(number).localName} ${eyes.stop(number).type ?? ""} ${eyes.stop(number).className}`, place);
      if (is.startsWith("input checkbox")) for (let twice = 0; twice < 2; twice++) await this.turn(find, place);
      else if (tag === "select" && !is.includes("language")) {
        await this.goTo(find, place);
        const value = () => page.evaluate(() => document.activeElement.value);
        const was = await value();
        const isLast = await page.evaluate(() => document.activeElement.selectedIndex === document.activeElement.length - 1);
        await this.press(isLast ? "ArrowUp" : "ArrowDown");
        assert.notEqual(await value(), was, `${words}: an arrow chooses`);
        await this.press(isLast ? "ArrowDown" : "ArrowUp");
        assert.equal(await value(), was, `${words}: the other arrow goes back`);
      } else if (tag === "summary") {
        await this.goTo(find, place);
        for (const [key, isOpen] of [["Enter", true], [" ", false]]) {
          await this.press(key);
          assert.equal(await page.evaluate(() => document.activeElement.parentElement.open), isOpen);
        }
      } else if (tag === "a") {
        await this.goTo(find, place);
        const before = await page.evaluate(() => window.followed);
        await this.press("Enter");
        assert.equal(await page.evaluate(() => window.followed), before + 1, `${words}: Enter follows it`);
      }
    }
  }
}
