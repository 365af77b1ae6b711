// What no type says: no string of HTML anywhere, no code from strings, and a frame that reads no file.
import tseslint from "typescript-eslint";

const HTML = "No string becomes HTML here: make elements, and set `textContent`.";
const FROM_STRINGS = "No string becomes code here.";
const READS = "The frame holds files and reads none: it hands them on.";

const restricted = (names, message) =>
  names.flatMap((name) => [
    { selector: `MemberExpression[property.name="${name}"]`, message },
    { selector: `MemberExpression[property.value="${name}"]`, message },
    { selector: `ObjectPattern > Property[key.name="${name}"]`, message },
  ]);

const EVERYWHERE = [
  ...restricted(
    [
      "innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "setHTML", "parseHTMLUnsafe", "parseFromString",
      "createContextualFragment", "execCommand",
    ],
    HTML,
  ),
  { selector: 'CallExpression[callee.object.name="document"][callee.property.name=/^write(ln)?$/]', message: HTML },
  { selector: 'NewExpression[callee.name="Function"]', message: FROM_STRINGS },
  { selector: 'CallExpression[callee.name=/^(eval|Function)$/]', message: FROM_STRINGS },
];
const IN_THE_FRAME = [
  ...restricted(
    [
      "arrayBuffer", "bytes", "stream", "text", "slice", "getContext", "captureStream", "getFile", "getAsFileSystemHandle",
      "webkitGetAsEntry", "sendBeacon",
    ],
    READS,
  ),
  {
    selector:
      "Identifier[name=/^(FileReader|FileReaderSync|MediaRecorder|Response|Request|fetch|XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection|BroadcastChannel|FormData|Image|Audio|FontFace|ImageDecoder|ImageCapture|VideoDecoder|VideoFrame|OffscreenCanvas|indexedDB|caches)$/]",
    message: READS,
  },
  { selector: "ImportExpression", message: READS },
  // What there is of each: a board in a row, for the room to draw on, a still of the one film, its address and that of the room's script, and `tell`, whose type names no file.
  { selector: 'MemberExpression[property.name="transferControlToOffscreen"]:not([object.callee.object.name="row"])', message: READS },
  { selector: 'CallExpression[callee.name="createImageBitmap"]:not([arguments.0.name="film"])', message: READS },
  {
    selector:
      'CallExpression[callee.property.name="createObjectURL"]:not(AssignmentExpression[left.object.name="film"][left.property.name="src"] > CallExpression):not([arguments.0.arguments.0.elements.0.property.name="textContent"])',
    message: READS,
  },
  { selector: 'CallExpression[callee.object.name="parent"][callee.property.name="postMessage"]:not([arguments.0.name="message"])', message: READS },
];

export default tseslint.config(
  { ignores: ["node_modules/"] },
  { rules: { "no-dupe-keys": "error" } }, // of these files no compiler says that the last of two counts
  {
    files: ["src/**/*.ts", "tests/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-restricted-syntax": ["error", ...EVERYWHERE],
      "@typescript-eslint/no-non-null-assertion": "off", // `noUncheckedIndexedAccess` asks for it in loops over arrays
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "describe", "it"] }] }],
      eqeqeq: "error",
    },
  },
  { files: ["src/frame/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...EVERYWHERE, ...IN_THE_FRAME] } },
  {
    files: ["src/core/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["document", "window", "navigator", "localStorage", "sessionStorage", "indexedDB", "fetch", "XMLHttpRequest", "WebSocket", "location"].map(
          (name) => ({ name, message: "The core has no document, no storage and no network." }),
        ),
      ],
    },
  },
);
