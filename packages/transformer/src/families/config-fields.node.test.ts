import { configClasses } from "@tfblocks/fixtures/configs";
import { families, type FamilyName } from "@tfblocks/transformer/models";
import { describe, expect, it } from "vitest";

const classes = await configClasses();
const names = Object.keys(families) as FamilyName[];

/** The lists of a table in one: each field with what is done with it. */
function decisions(name: FamilyName): ReadonlyMap<string, string> {
  const { read, aliases, only, harmless } = families[name].fields;
  const values = (allowed: readonly unknown[]) => allowed.map((each) => `\`${JSON.stringify(each)}\``).join(" or ");
  return new Map([
    ...read.map((field) => [field, "read"] as const),
    ...Object.entries(aliases).map(([alias, field]) => [alias, `another name of \`${field}\``] as const),
    ...Object.entries(only).map(([field, allowed]) => [field, allowed.length === 0 ? "refused" : `only ${values(allowed)}`] as const),
    ...harmless.map((field) => [field, "changes no result"] as const),
  ]);
}

describe.each(names)("the config fields of %s", (name) => {
  const { fields, modelType } = families[name];
  const theirs = classes[modelType]!;

  it("decide on everything that transformers' class has and computes with", () => {
    const decided = decisions(name);
    const known = [...Object.keys(theirs.defaults), ...theirs.computesWith, ...Object.keys(theirs.aliases)];
    expect(known.filter((field) => !decided.has(field))).toEqual([]);
  });

  it("stand in one list each", () => {
    const all = [...fields.read, ...Object.keys(fields.aliases), ...Object.keys(fields.only), ...fields.harmless];
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
  });

  it("are refused only at values other than transformers' own default", () => {
    const refused = Object.entries(fields.only).filter(([field, allowed]) => {
      const value = theirs.defaults[field];
      return value !== undefined && !allowed.some((each) => JSON.stringify(each) === JSON.stringify(value));
    });
    expect(refused).toEqual([]);
  });
});

describe("a config without the fields that have a default", () => {
  it.each(names)("gives the sizes of %s that transformers' defaults give", (name) => {
    const { fields, modelType, readConfig } = families[name];
    const { defaults } = classes[modelType]!;
    const given = Object.entries(defaults).filter(([field]) => fields.read.includes(field));
    const needed = new Set(neededBy(name));
    const [all, few] = [given, given.filter(([field]) => needed.has(field))].map((each) => Object.fromEntries(each));
    const sizesOf = (config: object) => {
      const sizes = Object.entries<unknown>({ ...readConfig({ ...config, tie_word_embeddings: true }, new Set()) });
      return sizes.map(([size, value]) => [
        size,
        typeof value === "function" ? [0, 1, 2, 3, 5, 30].map(value as (index: number) => unknown) : value,
      ]);
    };
    expect(sizesOf(few!)).toEqual(sizesOf(all!));
  });
});

/** The fields that a config must have. */
function neededBy(name: FamilyName): string[] {
  const { fields, modelType, readConfig } = families[name];
  const all = Object.fromEntries(Object.entries(classes[modelType]!.defaults).filter(([field]) => fields.read.includes(field)));
  return Object.keys(all).filter((field) => {
    try {
      readConfig({ ...all, [field]: undefined, tie_word_embeddings: true }, new Set());
      return false;
    } catch {
      return true;
    }
  });
}

/** A table whose columns are as wide as their widest cell; the second line becomes dashes. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  const cell = (text: string, column: number, row: number) => (row === 1 ? "-".repeat(widths[column]!) : text.padEnd(widths[column]!));
  return lines.map((line, row) => `| ${line.map((text, column) => cell(text, column, row)).join(" | ")} |`).join("\n");
}

it("stand in a table of the documentation", async () => {
  const sections = names.map((name) => {
    const rows = [...decisions(name)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const lines = [["field", "here"], ["", ""], ...rows.map(([field, decision]) => [`\`${field}\``, decision])];
    return `## \`${families[name].modelType}\`, read by \`${name}\`\n\n${aligned(lines)}\n`;
  });
  await expect(`${introduction}\n${sections.join("\n")}`).toMatchFileSnapshot("../../../../docs/config-fields.md");
});

const introduction = `# Fields of a config.json

What \`loadModel\` and \`loadFolder\` do with each field of a config that transformers 5.23 has or computes with. A field is read, or it
changes no result of a forward pass, or it is accepted at the listed values only: any other value is refused by the name of the field.
A field that is not in the table is unknown to transformers too, and ignored. Null is a value: it is not the same as an absent field.
The field \`quantization\` of mlx-lm, with a \`quantization_config\` that equals it, is read for every model: see the README of
[@tfblocks/transformer](../packages/transformer/README.md).

Written by \`npx vitest run --project node packages/transformer/src/families/config-fields.node.test.ts --update\`, which also compares
the table with transformers' classes.
`;
