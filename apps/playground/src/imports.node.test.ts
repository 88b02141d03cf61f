import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** A folder may import from itself and from the folders before it. */
const folders = [
  "styles",
  "color",
  "routing",
  "compute",
  "offline",
  "models",
  "reading",
  "training",
  "ui",
  "exports",
  "workspace",
  "rooms",
  "frame",
  "worker",
];
const root = fileURLToPath(new URL(".", import.meta.url));
const rooms = readdirSync(join(root, "rooms"), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

interface Import {
  readonly from: string;
  readonly to: string;
}

/** All relative imports, types included, as paths from `src`. */
const imports: readonly Import[] = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .flatMap((path) =>
    [...readFileSync(join(root, path), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => ({
      from: path,
      to: normalize(join(path, "..", match[1]!)),
    })),
  );

const partsOf = (path: string): string[] => path.split(/[/\\]/);
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

test("folders import only from folders below them", () => {
  const levelOf = (path: string): number => (partsOf(path).length === 1 ? folders.length : folders.indexOf(partsOf(path)[0]!));
  expect(imports.length).toBeGreaterThan(100);
  expect(imports.filter(({ from, to }) => levelOf(to) > levelOf(from) || levelOf(to) < 0).map(shown)).toEqual([]);
});

test("a room does not import from another room", () => {
  const roomOf = (path: string): string | undefined => rooms.find((room) => partsOf(path)[0] === "rooms" && partsOf(path)[1] === room);
  const across = imports.filter(({ from, to }) => roomOf(from) !== undefined && roomOf(to) !== undefined && roomOf(from) !== roomOf(to));
  expect(across.map(shown)).toEqual([]);
});
