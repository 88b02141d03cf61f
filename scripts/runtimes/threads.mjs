// Attention and a training step with two threads of the wasm package.
import { compute } from "./compute.js";

const { info, error, before, after } = await compute();
process.on("exit", () =>
  console.log(JSON.stringify({ ...info.threads, right: error < 1e-5, trains: after < before, refusals: info.refusals })),
);
