import { existsSync } from "node:fs";
import { join } from "node:path";
import { nativeFolder } from "../paths.mjs";
import { connectNode } from "./node.mjs";

export const hasNative = () => existsSync(join(nativeFolder, "node_modules"));

/** A host of native libraries in a Node.js process of its own. */
export const connectNative = () => connectNode({ main: "native/main.mjs" });
