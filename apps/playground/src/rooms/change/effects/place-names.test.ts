import { expect, test } from "vitest";
import { placeNames } from "./place-names.js";

const all = (): boolean => true;
const point = (left: number, top: number, name = "L0·H0"): { left: number; top: number; name: string } => ({ left, top, name });

test("a lone point has its name at the right, or at the left if there is no room", () => {
  expect(placeNames([point(50, 50)], all, 200)).toEqual([{ left: 58, top: 44, anchor: "start" }]);
  expect(placeNames([point(190, 50)], all, 200)).toEqual([{ left: 182, top: 44, anchor: "end" }]);
});

test("names of two points on the same height point away from each other", () => {
  const [first, second] = placeNames([point(80, 50), point(107, 50)], all, 200);
  expect([first?.anchor, second?.anchor]).toEqual(["end", "start"]);
});

test("a name without a free place is left out, and so are names that are not wanted", () => {
  const crowd = Array.from({ length: 9 }, () => point(60, 60));
  const placed = placeNames(crowd, (index) => index > 0, 200);
  expect(placed[0]).toBeUndefined();
  expect(placed.filter((each) => each !== undefined)).toHaveLength(4);
});
