/** Trusted Types, as far as they are used here; TypeScript does not know them, and not every browser does. */
interface Window {
  readonly trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string } };
}
