import { main } from "@tfblocks/command-line";
import { quality } from "./quality.js";

await main(quality);
