import { main } from "@tfblocks/command-line";
import { generate } from "./generate.js";

await main(generate);
