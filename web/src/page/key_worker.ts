/** A worker of the page: makes the case key, which takes a second or more, without the page standing still. */
import { type Credentials, caseKey } from "../core/case";

self.addEventListener("message", ({ data }: MessageEvent<Credentials>) => {
  void caseKey(data).then((key) => {
    self.postMessage(key);
  });
});
