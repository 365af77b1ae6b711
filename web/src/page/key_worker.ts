/** What the worker of the page does: it makes the case key, which takes a second or more, without the page standing still. */
import { type Credentials, caseKey } from "../core/case";

/** Answer credentials with their key. */
export function answerKeys(): void {
  self.addEventListener("message", ({ data }: MessageEvent<Credentials>) => {
    void caseKey(data).then((key) => {
      self.postMessage(key);
    });
  });
}
