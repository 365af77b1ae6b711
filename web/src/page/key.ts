/** Have the case key made in a worker, which runs the script of the page. */
import type { Credentials } from "../core/case";

/** The script itself, which can be asked for only while it starts; in the worker there is no document. */
const SCRIPT = "document" in globalThis ? document.currentScript!.textContent : "";
let address: string | undefined;

/** The address of the worker's script, made once; with Trusted Types by the one policy of the page, which gives no other. */
function addressOf(): string {
  if (address !== undefined) return address;
  const own = URL.createObjectURL(new Blob([SCRIPT], { type: "text/javascript" }));
  address = window.trustedTypes?.createPolicy("page", { createScriptURL: () => own }).createScriptURL(own) ?? own;
  return address;
}

/** Derive the case key; the worker ends with it. Rejects where no worker can be had. */
export async function keyOf(credentials: Credentials): Promise<string> {
  const worker = new Worker(addressOf());
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "string" && /^[0-9a-f]{64}$/.test(data)) resolve(data);
        else reject(new Error("no key"));
      });
      worker.addEventListener("error", () => {
        reject(new Error("no worker"));
      });
      worker.postMessage(credentials);
    });
  } finally {
    worker.terminate();
  }
}
