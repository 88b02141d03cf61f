import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Writes files, then runs the rest; when any of it fails, everything is as it was before.
 *
 * @param files path -> text
 * @param touched further files that `rest` changes
 */
export async function writeOrUndo(root, files, touched, rest) {
  const paths = [...Object.keys(files), ...touched];
  const before = paths.map((path) => [join(root, path), contentOf(join(root, path))]);
  const newFolders = paths.map((path) => firstNewFolder(root, path)).filter(Boolean);
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    await rest();
  } catch (error) {
    for (const [path, content] of before) restore(path, content);
    for (const folder of newFolders) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

const contentOf = (path) => (existsSync(path) ? readFileSync(path) : undefined);

function restore(path, content) {
  if (content === undefined) rmSync(path, { force: true });
  else if (!contentOf(path)?.equals(content)) writeFileSync(path, content);
}

/** The highest folder on the way to a file that does not exist yet. */
function firstNewFolder(root, path) {
  const parts = dirname(path).split("/");
  const folders = parts.map((_, index) => join(root, ...parts.slice(0, index + 1)));
  return folders.find((folder) => !existsSync(folder));
}
