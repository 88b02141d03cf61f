import { expect, test } from "vitest";
import { anyText, decimal, flag, oneOf, readSettings, type SettingsLink, whole, writeSettings } from "./settings-link.js";

interface Sizes {
  readonly text: string;
  readonly count: number;
  readonly share: number;
  readonly open: boolean;
  readonly kind: "a" | "b";
}

const link: SettingsLink<Sizes> = {
  defaults: { text: "hello", count: 3, share: 0.5, open: false, kind: "a" },
  fields: { text: anyText, count: whole(1, 9), share: decimal(0, 1), open: flag, kind: oneOf(["a", "b"]) },
};

test("settings are restored from a link, and defaults are left out of it", () => {
  const settings: Sizes = { text: "a & b = c", count: 9, share: 0.25, open: true, kind: "b" };
  expect(readSettings(link, writeSettings(link, settings))).toEqual(settings);
  expect(writeSettings(link, link.defaults).toString()).toBe("");
});

test("unknown values and values out of range give the defaults", () => {
  expect(readSettings(link, new URLSearchParams("count=99&share=x&open=maybe&kind=c&text="))).toEqual({ ...link.defaults, text: "" });
  expect(readSettings(link, new URLSearchParams("count=&share="))).toEqual(link.defaults);
});
