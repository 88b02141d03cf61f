import { expect, test } from "vitest";
import { readLink, writeLink } from "./link.js";
import { defaultView, type ExploreView } from "./view.js";

test("a link restores the view", () => {
  const view: ExploreView = {
    sort: "similarity",
    metric: "prefixMatching",
    shows: "plane",
    ramp: "viridis",
    range: "row",
    pin: { query: 12, key: 0 },
    stage: "masked",
    position: 3,
    temperature: 0.5,
    side: "key",
    measure: "entropy",
    lensLayer: 1,
  };
  expect(readLink(writeLink(view))).toEqual(view);
  expect(readLink(writeLink({ ...view, pin: "none" })).pin).toBe("none");
  expect(writeLink(defaultView).toString()).toBe("");
});

test("what a link does not say, or says wrongly, takes its default", () => {
  const wrong = new URLSearchParams("sort=colour&metric=a b&pin=1-x&stage=last&position=-7&temperature=0&measure=&lensLayer=1.5");
  expect(readLink(wrong)).toEqual(defaultView);
});
