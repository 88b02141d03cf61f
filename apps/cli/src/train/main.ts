import { main } from "../command/main.js";
import { train } from "./train.js";

await main((args, around) => train(args, around));
