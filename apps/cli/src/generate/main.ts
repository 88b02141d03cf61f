import { main } from "../command/main.js";
import { generate } from "./generate.js";

await main(generate);
