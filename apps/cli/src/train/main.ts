import { main } from "@tfblocks/command-line";
import { train } from "./train.js";

await main((args, context) => train(args, context));
