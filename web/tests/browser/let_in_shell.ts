/** Whoever drives the browser finds the shell of the page as `shell`. */
import { Shell } from "../../src/page/shell";

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the shell that draws
const { draw } = Shell.prototype;
Shell.prototype.draw = function (this: Shell, ...given): void {
  Object.assign(globalThis, { shell: this });
  draw.apply(this, given);
};
