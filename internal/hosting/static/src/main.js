import { compute } from "../shared/compute.js";
import { inWorker, show } from "../shared/show.js";

await show("page", compute);
await show("worker", inWorker(new Worker("worker.js", { type: "module" })));
