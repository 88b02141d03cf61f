import { main } from "@tfblocks/command-line";
import { analyze } from "./analyze.js";

await main(analyze);
