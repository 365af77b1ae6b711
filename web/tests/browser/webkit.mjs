// WebKitGTK, by the W3C's WebDriver: as much of it as tests need. Needs webkit2gtk-driver, xvfb and dbus.
import { spawn } from "node:child_process";
import { readdirSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const STARTS_WITHIN = 30_000;

/** The browser that is installed. */
function browser() {
  const found = readdirSync("/usr/lib").map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => existsSync(path));
  if (!found) throw new Error("WebKitGTK's MiniBrowser is not installed");
  return found;
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** One browser with one window. */
class Session {
  #address;

  constructor(address) {
    this.#address = address;
  }

  /** Send a command; throws what the driver says is wrong. */
  async send(method, path, body) {
    const answer = await fetch(`${this.#address}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  /** Run a function in the document that is looked at, and return what it returns. */
  run(script, ...args) {
    return this.send("POST", "/execute/sync", { script: `return (${String(script)})(...arguments);`, args });
  }

  find(selector) {
    return this.send("POST", "/element", { using: "css selector", value: selector });
  }

  /** Look at the one frame of the page, or at the page again. */
  async look(selector) {
    await this.send("POST", "/frame", { id: selector === undefined ? null : await this.find(selector) });
  }

  /** Give files to a chooser, as a person would. */
  async choose(selector, paths) {
    const chooser = await this.find(selector);
    await this.send("POST", `/element/${chooser[ELEMENT]}/value`, { text: paths.join("\n") });
  }

  /** Wait until a function in the document returns something. */
  async until(script, timeout, ...args) {
    for (const end = Date.now() + timeout; Date.now() < end; await sleep(50)) {
      const value = await this.run(script, ...args);
      if (value) return value;
    }
    throw new Error(`not within ${timeout} ms: ${String(script)}`);
  }
}

/**
 * Start WebKitGTK without a screen, open an address, and end it.
 *
 * @param {string} address
 * @param {(session: Session) => Promise<void>} use
 */
export async function openedInWebKit(address, use) {
  const port = await freePort();
  const driver = spawn("xvfb-run", ["-a", "dbus-run-session", "WebKitWebDriver", `--port=${port}`], { detached: true, stdio: "ignore" });
  process.once("SIGTERM", () => {
    process.kill(-driver.pid);
    process.exit(1);
  });
  const base = `http://127.0.0.1:${port}`;
  try {
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: browser(), args: ["--automation"] } } };
    const { sessionId } = await begun(new Session(base), { capabilities });
    const session = new Session(`${base}/session/${sessionId}`);
    await session.send("POST", "/timeouts", { script: 120_000, pageLoad: 60_000 });
    await session.send("POST", "/url", { url: address });
    await use(session);
    await session.send("DELETE", "");
  } finally {
    process.kill(-driver.pid);
  }
}

async function begun(driver, body) {
  for (const end = Date.now() + STARTS_WITHIN; ; await sleep(100)) {
    try {
      return await driver.send("POST", "/session", body);
    } catch (error) {
      if (!(error instanceof TypeError) || Date.now() > end) throw error; // it does not listen yet
    }
  }
}
