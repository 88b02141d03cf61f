import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

/** Opens the menu in which a picture can be saved. @param menu locates it */
export async function openMenu(menu) {
  if (!(await menu.evaluate((details) => details.open))) await menu.locator("summary").click();
}

/** Saves a picture in a format. @returns the name and the content of the file */
export async function savedFile(page, menu, format) {
  await openMenu(menu);
  const [download] = await Promise.all([page.waitForEvent("download"), menu.getByRole("button", { name: format, exact: true }).click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

const starts = { PNG: /^.PNG/s, SVG: /^<svg .*<\/svg>$/s, JSON: /^\{.*\}$/s, CSV: /^[\w "]+,.*\r\n$/s, TXT: /./ };

/** Saves a picture in each format, and checks that the files are of it. @returns their texts by format */
export async function savedFiles(page, menu, formats = ["PNG", "SVG", "JSON", "CSV"]) {
  const texts = {};
  for (const format of formats) {
    const { name, content } = await savedFile(page, menu, format);
    assert.ok(name.endsWith(`.${format.toLowerCase()}`), name);
    texts[format] = content.toString(format === "PNG" ? "latin1" : "utf8");
    assert.match(texts[format], starts[format]);
  }
  await menu.locator("summary").click();
  return texts;
}
