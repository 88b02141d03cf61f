import { main } from "../shared/main.js";
import { train } from "./train.js";

await main((args, around) => train(args, around));
