import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import type { ListedModel } from "../src/models/listed-model.js";

const folder = "public/models";
const file = "models/index.json";
const requiredFiles = ["config.json", "model.safetensors", "tokenizer.json"];

/** Serves `models/index.json`, the list of the trained models in `public/models`. */
export function modelIndex(): Plugin {
  let root = ".";
  return {
    name: "model-index",
    configResolved(config) {
      ({ root } = config);
    },
    configureServer(server) {
      server.middlewares.use(`/${file}`, (_request, response) => {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(listModels(join(root, folder))));
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: file, source: JSON.stringify(listModels(join(root, folder))) });
    },
  };
}

/** The folders that contain all files of a model, by name. */
function listModels(path: string): ListedModel[] {
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .filter((name) => requiredFiles.every((each) => existsSync(join(path, name, each))))
    .toSorted()
    .map((name) => ({ name, title: titleOf(join(path, name, "training-log.json")) ?? name }));
}

function titleOf(log: string): string | undefined {
  if (!existsSync(log)) return undefined;
  const { title } = JSON.parse(readFileSync(log, "utf8")) as { title?: unknown };
  return typeof title === "string" ? title : undefined;
}
