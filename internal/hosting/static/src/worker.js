import { compute } from "../shared/compute.js";

postMessage(await compute());
