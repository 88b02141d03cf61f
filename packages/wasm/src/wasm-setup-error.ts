/** The WASM backend could not be started; the message says what is missing and what to do. */
export class WasmSetupError extends Error {
  override readonly name = "WasmSetupError"; // written out: a minifier renames the class

  constructor(problem: string) {
    super(`setupWasm: ${problem}`);
  }
}
