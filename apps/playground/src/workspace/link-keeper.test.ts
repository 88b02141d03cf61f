import { effect, signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { type AddressBar, Router } from "../routing/router.js";
import type { EditSpec } from "../reading/edit-spec.js";
import type { ModelInfo } from "../models/model-info.js";
import { type EntryState, LinkKeeper } from "./link-keeper.js";
import { Workspace } from "./workspace.js";
import { defaultWorkspace } from "./workspace-link.js";

/** An address bar with a history, as a browser has. */
class FakeWindow extends EventTarget {
  readonly entries: { hash: string; state: unknown }[];
  at = 0;

  constructor(hash: string) {
    super();
    this.entries = [{ hash, state: null }];
  }

  get location() {
    return { hash: this.entries[this.at]!.hash };
  }

  get history() {
    return {
      state: this.entries[this.at]!.state,
      pushState: (state: unknown, _title: string, hash: string) => this.#add(hash, structuredClone(state)),
      replaceState: (state: unknown, _title: string, hash: string) => {
        this.entries[this.at] = { hash, state: structuredClone(state) };
      },
      back: () => this.go(-1),
    };
  }

  go(by: number): void {
    this.at += by;
    this.#tell();
  }

  /** Follows a link as a click does. */
  click(hash: string): void {
    this.dispatchEvent(new Event("click"));
    this.#add(hash, null);
    this.#tell();
  }

  #add(hash: string, state: unknown): void {
    this.entries.splice(++this.at, Infinity, { hash, state });
  }

  #tell(): void {
    this.dispatchEvent(new Event("popstate"));
    this.dispatchEvent(new Event("hashchange"));
  }
}

const info = { id: "induction" } as ModelInfo;
const zero = (head: number): EditSpec => ({ kind: "ablate", part: "layers.0.attention", heads: [head], by: "zero" });

function openAt(hash: string) {
  return openWith(new FakeWindow(hash));
}

/** The page as it is opened at the present entry of a window. */
function openWith(window: FakeWindow) {
  const router = new Router<EntryState>(window as unknown as AddressBar);
  const workspace = new Workspace(defaultWorkspace);
  const links = new LinkKeeper(workspace, router, (name) => name || "start");
  const hashNow = () => {
    router.flush();
    return window.location.hash;
  };
  return { window, router, workspace, links, hashNow };
}

test("the workspace is restored from a link", () => {
  const { workspace } = openAt(
    `#/explore?v=2&model=grammar&text=a+b&answer=c&head=cross.1.2&edits=${encodeURIComponent(JSON.stringify([zero(1)]))}`,
  );
  expect(workspace.state.value).toEqual({
    model: "grammar",
    text: "a b",
    answer: "c",
    head: { kind: "cross", layer: 1, head: 2 },
    edits: [zero(1)],
  });
});

test.each([
  "model=../../etc&head=self.1&edits=[]]",
  "model=..&head=self.a.b",
  "model=%3Cscript%3E&head=other.1.1&edits=%7B%7D",
  "model=&head=self.-1.0&edits=null",
  `model=${"a".repeat(100)}&head=self.1e9.0&edits=${"[".repeat(10_000)}`,
  "v=9&model=grammar",
])("a hostile link gives the defaults: %.40s", (query) => {
  const { workspace } = openAt(`#/explore?${query.startsWith("v") ? "" : "v=2&"}${query}`);
  expect(workspace.state.value).toEqual(defaultWorkspace);
});

test("typing changes the entry, choosing a model adds one, and Back restores text and model", () => {
  const { window, workspace, hashNow } = openAt("#/explore");
  workspace.write("one");
  workspace.write("one two");
  expect([hashNow(), window.entries.length]).toEqual(["#/explore?v=2&text=one+two", 1]);
  workspace.chooseModel("grammar");
  workspace.write("the dog");
  expect([hashNow(), window.entries.length]).toEqual(["#/explore?v=2&model=grammar&text=the+dog", 2]);
  window.go(-1);
  expect(workspace.state.value).toMatchObject({ model: "induction", text: "one two" });
  window.go(1);
  expect(workspace.state.value).toMatchObject({ model: "grammar", text: "the dog" });
});

test("what was typed last is saved before a link is followed", () => {
  const { window, workspace, links } = openAt("#/explore");
  workspace.write("a");
  workspace.write("ab");
  window.click(links.linkOf("masks"));
  expect(workspace.state.value.text).toBe("ab");
  window.go(-1);
  expect(workspace.state.value.text).toBe("ab");
});

test("each room gets its own parameters back, and a room that was left changes no link", () => {
  const { window, links, hashNow } = openAt("#/masks");
  links.saveRoom("masks", new URLSearchParams("window=3"), "refinement");
  expect(hashNow()).toBe("#/masks?v=2&window=3");
  window.click(links.linkOf("scale"));
  links.saveRoom("masks", new URLSearchParams("window=4"), "refinement");
  expect(hashNow()).toBe("#/scale");
  expect(links.linkOf("masks")).toBe("#/masks?v=2&window=4");
});

test("a room that saves in an effect does not save again what the reader has gone back from", () => {
  const { window, links, hashNow } = openAt("#/masks");
  const width = signal(3);
  effect(() => links.saveRoom("masks", new URLSearchParams(`window=${width.value}`), "step"));
  width.value = 4;
  window.go(-1);
  expect(hashNow()).toBe("#/masks?v=2&window=3");
});

test("another place of a room adds an entry", () => {
  const { window, links } = openAt("#/start");
  links.saveRoom("start", new URLSearchParams("step=2"), "place");
  expect(window.entries.map(({ hash }) => hash)).toEqual(["#/start", "#/start?v=2&step=2"]);
});

test("a link without a text keeps the reader's; one with an empty text clears it", () => {
  const { window, workspace, links, hashNow } = openAt("#/explore?text=mine");
  window.click("#/masks");
  expect([workspace.state.value.text, hashNow()]).toEqual(["mine", "#/masks?v=2&text=mine"]);
  workspace.opened(info);
  workspace.write("");
  window.click(links.linkOf("scale"));
  expect([window.location.hash, workspace.state.value.text]).toEqual(["#/scale?v=2&text=", ""]);
});

test("an embedded page stays embedded", () => {
  const { workspace, links, hashNow } = openAt("#/start?embed=1&step=3");
  expect(links.isEmbedded.value).toBe(true);
  workspace.write("a");
  expect(hashNow()).toBe("#/start?v=2&text=a&step=3&embed=1");
});

test("undo of the last change is Back, and Forward makes the edit again", () => {
  const { window, workspace, links } = openAt("#/change");
  expect(links.canUndo.value).toBe(false);
  workspace.edit([zero(0)]);
  workspace.edit([zero(0), zero(1)]);
  expect(window.entries).toHaveLength(3);
  links.undo();
  expect([workspace.state.value.edits, window.at, links.canUndo.value]).toEqual([[zero(0)], 1, true]);
  links.undo();
  expect([workspace.state.value.edits, window.at, links.canUndo.value]).toEqual([[], 0, false]);
  window.go(2);
  expect([workspace.state.value.edits, links.canUndo.value]).toEqual([[zero(0), zero(1)], true]);
});

test("undo after other changes keeps them, and Back undoes the undo", () => {
  const { window, workspace, links } = openAt("#/change?text=a");
  workspace.edit([zero(0)]);
  workspace.write("b");
  window.click(links.linkOf("explore"));
  links.undo();
  expect([workspace.state.value, links.room, links.canUndo.value]).toMatchObject([{ text: "b", edits: [] }, "explore", false]);
  window.go(-1);
  expect([workspace.state.value, links.room, links.canUndo.value]).toMatchObject([{ text: "b", edits: [zero(0)] }, "explore", true]);
});

test("another model has nothing to undo or to make again, also after Back and Forward", () => {
  const { window, workspace, links } = openAt("#/change");
  workspace.edit([zero(0)]);
  workspace.edit([zero(1)]);
  links.undo();
  workspace.chooseModel("grammar");
  expect([workspace.state.value.edits, links.canUndo.value, links.canRedo.value]).toEqual([[], false, false]);
  window.go(-1);
  expect([workspace.state.value.edits, links.canUndo.value]).toEqual([[zero(0)], true]);
  window.go(1);
  expect([links.canUndo.value, links.canRedo.value]).toEqual([false, false]);
});

test("an edit list that a link repeats stays the same object, so that nothing is computed again", () => {
  const { window, workspace, links } = openAt("#/change");
  workspace.edit([zero(0)]);
  const { edits } = workspace.input.value;
  window.click(links.linkOf("explore"));
  expect(workspace.input.value.edits).toBe(edits);
});

describe("redo", () => {
  const shownIn = ({ workspace, links }: ReturnType<typeof openAt>) => ({
    edits: workspace.state.value.edits,
    canUndo: links.canUndo.value,
    canRedo: links.canRedo.value,
  });

  test("makes again what Undo or Back has undone, as Forward does", () => {
    const page = openAt("#/change");
    page.workspace.edit([zero(0)]);
    page.workspace.edit([zero(0), zero(1)]);
    const both = shownIn(page);
    expect(both.canRedo).toBe(false);
    for (const back of [() => page.links.undo(), () => page.window.go(-1)]) {
      back();
      expect(shownIn(page)).toEqual({ edits: [zero(0)], canUndo: true, canRedo: true });
      page.window.go(1);
      expect(shownIn(page)).toEqual(both);
      back();
      page.links.redo();
      expect([shownIn(page), page.window.at, page.window.entries.length]).toEqual([both, 2, 3]);
    }
    page.window.go(-2);
    page.links.redo();
    page.links.redo();
    expect(shownIn(page)).toEqual(both);
  });

  test("keeps what has changed since, and Back and Undo undo it again", () => {
    const page = openAt("#/change?text=a");
    page.workspace.edit([zero(0)]);
    page.workspace.write("b");
    page.window.click(page.links.linkOf("explore"));
    page.links.undo();
    page.workspace.write("c");
    page.links.redo();
    expect([page.workspace.state.value, shownIn(page)]).toMatchObject([{ text: "c" }, { edits: [zero(0)], canRedo: false }]);
    page.links.undo();
    expect([page.workspace.state.value, shownIn(page), page.links.room]).toMatchObject([
      { text: "c" },
      { edits: [], canRedo: true },
      "explore",
    ]);
  });

  test("a new edit ends it", () => {
    const page = openAt("#/change");
    page.workspace.edit([zero(0)]);
    page.links.undo();
    page.workspace.edit([zero(1)]);
    page.links.redo();
    expect(shownIn(page)).toEqual({ edits: [zero(1)], canUndo: true, canRedo: false });
  });

  test("works after more edits than can be undone, in another room, and after a reload", () => {
    const page = openAt("#/change");
    for (let head = 0; head < 60; head++) page.workspace.edit([zero(head)]);
    page.links.undo();
    page.links.undo();
    page.window.click(page.links.linkOf("explore"));
    page.links.redo();
    expect(shownIn(page)).toEqual({ edits: [zero(58)], canUndo: true, canRedo: true });
    const reloaded = openWith(page.window);
    reloaded.links.redo();
    expect(shownIn(reloaded)).toEqual({ edits: [zero(59)], canUndo: true, canRedo: false });
  });
});

describe("a step of a room", () => {
  const own = (text: string) => new URLSearchParams(text);

  test("is undone by Undo and by Back, and made again by Redo and Forward", () => {
    const { window, links, hashNow } = openAt("#/masks?v=2&block=8");
    links.saveRoom("masks", own("window=3&block=8"), "step");
    links.saveRoom("masks", own("window=30&block=8"), "more");
    expect(window.entries).toHaveLength(2);
    for (const [back, again] of [
      [() => links.undo(), () => links.redo()],
      [() => window.go(-1), () => window.go(1)],
    ] as const) {
      back();
      expect([hashNow(), window.at, links.canRedo.value]).toEqual(["#/masks?v=2&block=8", 0, true]);
      again();
      expect([hashNow().replace(/.*2&/, "").split("&").toSorted(), links.canUndo.value]).toEqual([["block=8", "window=30"], true]);
    }
  });

  test("leaves what has been refined since, and the room is told", () => {
    const { router, links, hashNow } = openAt("#/masks");
    links.saveRoom("masks", own("window=3"), "step");
    links.saveRoom("masks", own("window=3&cell=1-1"), "refinement");
    links.undo();
    expect([hashNow(), router.route.value.parameters.toString()]).toEqual(["#/masks?v=2&cell=1-1", "cell=1-1"]);
  });

  test("is not undone in another room, where edits are", () => {
    const { window, workspace, links } = openAt("#/masks");
    workspace.edit([zero(0)]);
    links.saveRoom("masks", own("window=3"), "step");
    window.click(links.linkOf("change"));
    links.undo();
    expect([workspace.state.value.edits, links.canUndo.value, links.linkOf("masks")]).toEqual([[], false, "#/masks?v=2&window=3"]);
  });

  test("is not undone from another place of the room", () => {
    const { links } = openAt("#/start");
    links.saveRoom("start", own("step=1&heads=0"), "step");
    links.saveRoom("start", own("step=2"), "place");
    expect(links.canUndo.value).toBe(false);
  });

  test("the room may save the same parameters in another order", () => {
    const { window, links } = openAt("#/masks?v=2&block=8&window=3");
    links.saveRoom("masks", own("window=3&block=8"), "step");
    expect(window.entries).toHaveLength(1);
  });
});
