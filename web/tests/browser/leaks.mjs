// Plant code in the room that tries to reach the network, and write which ways reached it: `tests/page/test_room.py` judges.
// Arguments: the engine; `closed`, or `open` for a page without policies; the file that is written.
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { opened } from "./opened.mjs";

const WAYS = {
  fetch: "fetch(to + 'fetch').catch(() => {})",
  no_cors: "fetch(to + 'no_cors', { mode: 'no-cors', method: 'POST', body: 'x' }).catch(() => {})",
  keepalive: "fetch(to + 'keepalive', { keepalive: true, mode: 'no-cors' }).catch(() => {})",
  xhr: "const request = new XMLHttpRequest(); request.open('GET', to + 'xhr'); request.send()",
  socket: "new WebSocket(to.replace('http', 'ws') + 'socket')",
  events: "new EventSource(to + 'events')",
  import_scripts: "importScripts(to + 'import_scripts')",
  import_module: "import(to + 'import_module').catch(() => {})",
  nested: "new Worker(URL.createObjectURL(new Blob(['fetch(\"' + to + 'nested\").catch(() => {})'], { type: 'text/javascript' })))",
  transport: "new WebTransport('https://127.0.0.1:' + udp + '/leak-transport')",
  rtc: "const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + udp }] }); peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer))",
  font: "new FontFace('x', 'url(' + to + 'font)').load().catch(() => {})",
  cache: "caches.open('x').then((cache) => cache.add(to + 'cache')).catch(() => {})",
  service_worker: "navigator.serviceWorker.register(to + 'service_worker').catch(() => {})",
  beacon: "navigator.sendBeacon(to + 'beacon', 'x')",
  request: "fetch(new Request(to + 'request', { mode: 'no-cors', priority: 'high' })).catch(() => {})",
  remote_worker: "new Worker(to + 'remote_worker')",
  location: "location.href = to + 'location'",
};
const PLANTED = `addEventListener("message", ({ data }) => { if (!data.plant) return; const { to, udp } = data; ({${Object.entries(WAYS)
  .map(([name, code]) => `${name}() { ${code} }`)
  .join(",")}})[data.plant](); });`;
const RELAY = `{ const Plain = Worker; let room; self.Worker = class extends Plain { constructor(address) { super(address); room = this; } };
addEventListener("message", ({ data }) => { if (data.plant) room.postMessage(data); }); };`;

const [engine, form, written] = process.argv.slice(2);
const reached = new Set();
let now = "";
const tcp = createServer((socket) => {
  reached.add(now);
  socket.on("error", () => undefined);
  socket.end("HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n");
});
await new Promise((done) => tcp.listen(0, "127.0.0.1", done));
const udp = createSocket("udp4");
udp.on("message", () => reached.add(now));
await new Promise((done) => udp.bind(0, "127.0.0.1", done));
const to = `http://127.0.0.1:${tcp.address().port}/leak-`;

await opened(engine, { planted: PLANTED, relay: RELAY, isOpen: form === "open" }, async (page) => {
  for (const plant of Object.keys(WAYS)) {
    now = plant;
    await page.evaluate((message) => window.frames[0].postMessage(message, "*"), { plant, to, udp: udp.address().port });
    await sleep(plant === "rtc" ? 1200 : 500);
  }
});
tcp.close();
udp.close();
writeFileSync(written, JSON.stringify({ ways: Object.keys(WAYS), reached: [...reached] }));
