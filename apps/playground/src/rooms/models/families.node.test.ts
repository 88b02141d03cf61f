import { expect, test } from "vitest";
import { familyNames } from "../../models/explain-failure.js";
import { families } from "./supported-panel.js";

test("the room lists every family that can be opened", () => {
  expect(families.flatMap(([names]) => names).toSorted()).toEqual(familyNames().toSorted());
});
