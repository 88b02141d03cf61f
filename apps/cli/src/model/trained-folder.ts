import { join } from "node:path";
import { fileURLToPath } from "node:url";

const models = fileURLToPath(new URL("../../../playground/public/models/", import.meta.url));

/** The folder that the trained model of a recipe is in unless an option says otherwise. */
export function trainedFolder(recipe: string): string {
  return join(models, recipe);
}
