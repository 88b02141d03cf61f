import { main } from "../shared/main.js";
import { generate } from "./generate.js";

await main(generate);
