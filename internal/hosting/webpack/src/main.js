import { compute } from "../shared/compute.js";
import { inWorker, show } from "../shared/show.js";
import { wasmPaths } from "./wasm-paths.js";

await show("page", () => compute({ wasmPaths }));
await show("worker", inWorker(new Worker(new URL("./worker.js", import.meta.url))));
