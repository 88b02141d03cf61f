import type { Check } from "@tfblocks/lesson";
import { brief } from "./format.js";
import { type Page, paragraph, subheading } from "./page.js";

/** Prints checks as lines with the status and the measured value. */
export function printChecks(page: Page, checks: readonly Check[]): string[] {
  return [...subheading(page, "Checks"), ...checks.flatMap((check) => printCheck(page, check))];
}

function printCheck(page: Page, check: Check): string[] {
  const { ink } = page;
  const [first, ...rest] = paragraph(page, `${check.status.padEnd(7).replaceAll(" ", "\u00a0")} ${sentence(check)}`, {
    indent: 2,
    hang: 8,
  });
  const paint = { ok: ink.good, failed: ink.bad, skipped: ink.faint }[check.status];
  return [first!.replace(check.status, paint(check.status)), ...rest];
}

function sentence({ name, status, measured, expected }: Check): string {
  if (status === "skipped") return `${name}: ${expected}`;
  const value = typeof measured === "number" ? brief(measured) : measured;
  return value === expected ? `${name}: ${value}` : `${name}: ${value} (expected ${expected})`;
}

/** The number of checks by status, in one line. */
export function summarize(checks: readonly Check[]): string {
  const count = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
  return `Checks: ${count("ok")} ok, ${count("failed")} failed${skipped}`;
}
