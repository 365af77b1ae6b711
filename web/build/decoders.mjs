// Decoders in WebAssembly as text, and their licences: what the second page has and the first has not.
import { readFileSync } from "node:fs";

/** Letters that HTML, an attribute and a string of a script take as they are. */
const PLAIN = /[ !#%()*+,\-./0-9:;=?@A-Z[\]^_a-z{|}~]/;

/**
 * Write bytes as letters: a plain letter as it is, any other byte as the letter 256 places on.
 *
 * Compressed, that takes a fifth less than base64, in which the bytes that repeat do not; read back, each letter is taken modulo 256.
 */
export function asLetters(bytes) {
  return Array.from(bytes, (byte) => {
    const letter = String.fromCharCode(byte);
    return byte < 128 && PLAIN.test(letter) ? letter : String.fromCharCode(256 + byte);
  }).join("");
}

/**
 * Where libheif switches libde265's filters of edges off, as it does in scripts to save time: two calls, of the parameters 7 and 8.
 *
 * Source: libde265's `de265.h`, `de265_set_parameter_bool`; ITU-T H.265, 8.7: without the filters, pixels are not those of the picture.
 */
const FILTERS_OFF = Buffer.from("20004107410110f00220004108410110f002", "hex");
const FILTERS_ON = Buffer.from("20004107410010f00220004108410010f002", "hex");
const PLACES = 2;

/** libheif with the filters on; an error where the pinned build is another one. */
function withFilters(module) {
  const changed = Buffer.from(module);
  let [count, place] = [0, module.indexOf(FILTERS_OFF)];
  for (; place >= 0; place = module.indexOf(FILTERS_OFF, place + 1)) {
    FILTERS_ON.copy(changed, place);
    count++;
  }
  if (count !== PLACES) throw new Error(`libheif-js is another build: its filters are switched off in ${count} places`);
  return changed;
}

/** What stands for the names in `src/heic`. */
export function decoders() {
  const text = (path, change = (bytes) => bytes) => JSON.stringify(asLetters(change(readFileSync(`node_modules/${path}`))));
  return { LIBHEIF: text("libheif-js/libheif-wasm/libheif.wasm", withFilters), MOZJPEG: text("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm") };
}

/** Licences of the decoders, and where their source is: the page carries them. */
export function licences() {
  return ["docs/licences/notice.txt", "docs/licences/libheif.txt", "docs/licences/mozjpeg.txt", "LICENSE"].map((name) => readFileSync(`../${name}`, "utf8").trim()).join("\n\n\n");
}
