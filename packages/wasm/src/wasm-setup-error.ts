/** Thrown when the WASM backend cannot be started; the message says what is missing and what to do. */
export class WasmSetupError extends Error {
  override readonly name = "WasmSetupError"; // a literal, because minifiers rename the class

  constructor(problem: string) {
    super(`setupWasm: ${problem}`);
  }
}
