import { compute } from "../shared/compute.js";
import { inWorker, show } from "../shared/show.js";

await show("page", compute);
await show("worker", inWorker(new Worker(new URL("./worker.js", import.meta.url), { type: "module" })));
