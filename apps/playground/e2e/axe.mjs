import axe from "axe-core";

/** The serious and critical findings of axe on a page, each with the elements it is about. */
export async function seriousFindings(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .map((each) => ({ ...each, nodes: each.nodes.filter(({ html }) => !isNumberCell(each.id, html)) }))
    .filter(({ nodes }) => nodes.length > 0)
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Cells show numbers, not labels; their names say what the numbers are about. */
function isNumberCell(rule, html) {
  return rule === "label-content-name-mismatch" && /^<[^>]*(role="(option|gridcell)"|class="value-cell)/.test(html);
}
