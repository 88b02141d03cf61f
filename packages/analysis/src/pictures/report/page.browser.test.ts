import { afterEach, describe, expect, it } from "vitest";
import { hostileTokens, reportOf } from "../../testing/pictures.js";
import type { Report } from "./report.js";
import { toHtml } from "./to-html.js";

const tokens = ["The", " cat", " sat", " down"];
const frames: HTMLIFrameElement[] = [];

afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove();
});

/** A page in a frame of its own, after its script has run. */
class OpenPage {
  readonly frame: HTMLIFrameElement;

  constructor(frame: HTMLIFrameElement) {
    this.frame = frame;
  }

  static async open(report: Report, width = 1200): Promise<OpenPage> {
    const frame = document.createElement("iframe");
    frame.style.cssText = `width: ${width}px; height: 900px`;
    frame.srcdoc = toHtml(report);
    frames.push(frame);
    await new Promise((resolve) => {
      frame.addEventListener("load", resolve);
      document.body.append(frame);
    });
    const page = new OpenPage(frame);
    await page.drawn();
    return page;
  }

  get window(): Window & typeof globalThis & { pwned?: number } {
    return this.frame.contentWindow as Window & typeof globalThis;
  }

  get document(): Document {
    return this.frame.contentDocument!;
  }

  async drawn(): Promise<void> {
    await new Promise((resolve) => this.window.requestAnimationFrame(() => setTimeout(resolve, 30)));
  }

  all(selector: string): HTMLElement[] {
    return Array.from(this.document.querySelectorAll<HTMLElement>(selector));
  }

  one(selector: string): HTMLElement {
    return this.all(selector)[0] ?? expect.fail(`nothing is ${selector}`);
  }

  get map(): HTMLElement {
    return this.one('.matrix [role="application"]');
  }

  get tooltip(): string {
    return this.one("#tooltip").hidden ? "" : this.one("#tooltip").innerText;
  }

  press(element: HTMLElement, key: string, modifiers: KeyboardEventInit = {}): boolean {
    element.focus();
    return element.dispatchEvent(new this.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers }));
  }
}

describe("the page", () => {
  it("shows a small map for each head, and one stop of the tab key for all", async () => {
    const page = await OpenPage.open(reportOf(tokens, 2, 3));
    expect(page.all(".thumb").map((cell) => cell.children[1]!.textContent)).toEqual(["L0·H0", "L0·H1", "L0·H2", "L1·H0", "L1·H1", "L1·H2"]);
    expect(page.all(".thumb").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    for (const cell of page.all(".thumb canvas")) expect(cell.getBoundingClientRect().width).toBeGreaterThanOrEqual(48);
  });

  it("moves among heads with the keyboard and chooses one", async () => {
    const page = await OpenPage.open(reportOf(tokens, 2, 3));
    const focused = (): string => page.document.activeElement!.children[1]!.textContent!;
    const path = ["ArrowRight", "ArrowDown", "End", "Home", "ArrowUp"].map((key) => {
      page.press((page.document.activeElement as HTMLElement).closest<HTMLElement>(".thumb") ?? page.one(".thumb"), key);
      return focused();
    });
    expect(path).toEqual(["L0·H1", "L1·H1", "L1·H2", "L1·H0", "L0·H0"]);
    page.all(".thumb")[4]!.click();
    expect(page.one("#head-title").textContent).toBe("L1·H1");
    expect(page.all("tr.is-chosen th").map((cell) => cell.textContent)).toEqual(["L1·H1", "L1·H1"]);
  });

  it("sorts heads and table rows by a metric", async () => {
    const page = await OpenPage.open(reportOf(tokens, 2, 3));
    const sort = page.one("#heads select") as HTMLSelectElement;
    sort.value = "metric previousTokenMass";
    sort.dispatchEvent(new page.window.Event("change"));
    const sorted = ["L1·H1", "L0·H1", "L1·H2", "L0·H2", "L1·H0", "L0·H0"];
    expect(page.all(".thumb").map((cell) => cell.children[1]!.textContent)).toEqual(sorted);
    expect(page.all("#metrics tbody th").map((cell) => cell.textContent)).toEqual(sorted);
    expect(page.all(".badge")[0]!.textContent).toBe("0.800");
  });

  it("changes its colours with the button", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    const tone = (): string => page.document.documentElement.dataset["theme"]!;
    const before = tone();
    page.one("#theme").click();
    expect([before, tone()].toSorted()).toEqual(["dark", "light"]);
  });
});

describe("the large map", () => {
  it("follows the keyboard, pins with Enter and unpins with Escape", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 2));
    page.press(page.map, "ArrowDown");
    expect(page.tooltip).toMatch(/·cat \(1\) → The \(0\)\s+weight \.\d{3}\s+rank \d of 2 in its row/);
    page.press(page.map, "End");
    expect(page.tooltip).toContain("masked");
    page.press(page.map, "End", { ctrlKey: true });
    expect(page.tooltip).toContain("·down (3) → ·down (3)");
    page.press(page.map, "Enter");
    expect(page.one(".head-line .chip").hidden).toBe(false);
    page.press(page.map, "PageDown");
    expect(page.one("#head-title").textContent).toBe("L0·H1");
    page.press(page.map, "Escape");
    expect(page.one(".head-line .chip").hidden).toBe(true);
  });

  it("leaves other keys to the browser", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    expect(["Tab", "a", "F5"].map((key) => page.press(page.map, key))).toEqual([true, true, true]);
    expect(page.press(page.map, "ArrowDown")).toBe(false);
  });

  it("speaks the row and lists its largest keys in a table", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    page.press(page.map, "End", { ctrlKey: true });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(page.one('p[aria-live="polite"]').textContent).toMatch(
      /^L0·H0, ·down \(3\) → ·down \(3\), weight .* query ·down \(3\): .*entropy \d\.\d\d nats$/,
    );
    expect(page.all("#detail caption ~ tbody tr")).toHaveLength(4);
  });

  it("shows the cell under the pointer, and a pinned cell before it", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    const { left, right, bottom } = page.map.getBoundingClientRect();
    const at = (type: string, fromBottom: number): boolean =>
      page.map.dispatchEvent(
        new page.window.MouseEvent(type, { clientX: (left + right) / 2 - 120, clientY: bottom - fromBottom, bubbles: true }),
      );
    const probe = Array.from({ length: 20 }, (_, step) => left + step * 10).find((x) => {
      page.map.dispatchEvent(new page.window.MouseEvent("pointermove", { clientX: x, clientY: bottom - 10, bubbles: true }));
      return page.tooltip !== "";
    });
    expect(page.tooltip).toContain("·down (3) → The (0)");
    page.map.dispatchEvent(new page.window.MouseEvent("click", { clientX: probe!, clientY: bottom - 10, bubbles: true }));
    at("pointermove", 50);
    expect(page.tooltip).toContain("·down (3) → The (0)");
  });
});

describe("tokens and predictions", () => {
  it("a token of the strip shows its row, and pins it with a click", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    const strip = (): HTMLElement[] => page.all(".strip span");
    strip()[2]!.dispatchEvent(new page.window.MouseEvent("pointerover", { bubbles: true }));
    expect(page.tooltip).toMatch(/^·sat \(2\) → .*\s+weight .*\s+rank 1 of 3 in its row$/);
    expect(strip().map((span) => [span.classList.contains("is-query"), span.style.background !== ""])).toEqual([
      [false, true],
      [false, true],
      [true, true],
      [false, false],
    ]);
    strip()[2]!.click();
    expect(page.one(".head-line .chip").textContent).toMatch(/^pinned 2 → \d ×$/);
  });

  it("queries that are other tokens than the keys have a strip of their own", async () => {
    const [layer] = reportOf(tokens, 1, 1).layers;
    const map = { weights: [1, 0, 0, 0, 0.25, 0.25, 0.25, 0.25], allowed: null, rows: 2, columns: 4 };
    const layers = [{ ...layer!, label: "cross L0", rowTokens: ["x", "y"], heads: [{ ...layer!.heads[0]!, map }] }];
    const page = await OpenPage.open({ ...reportOf(tokens, 1, 1), layers });
    expect(page.all(".strip").map(({ textContent }) => textContent)).toEqual(["xy", "The·cat·sat·down"]);
    page.press(page.map, "ArrowDown");
    expect(page.tooltip).toContain("y (1) → The (0)");
  });

  it("predictions of long texts stand page by page", async () => {
    const long = Array.from({ length: 30 }, (_, index) => `t${index}`);
    const page = await OpenPage.open(reportOf(long, 1, 1));
    const first = (): string => page.one("#lens tbody th").textContent!;
    expect([page.all("#lens tbody tr").length, first()]).toEqual([24, "0 t0"]);
    page.all("#lens button")[1]!.click();
    expect([page.all("#lens tbody tr").length, first()]).toEqual([6, "24 t24"]);
  });
});

describe("sizes", () => {
  it.each([320, 768, 1280, 2560])("a window of %i pixels never scrolls sideways", async (width) => {
    for (const names of [tokens, hostileTokens]) {
      const page = await OpenPage.open(reportOf(names, 2, 12, names[0]!.slice(0, 3)), width);
      expect(page.document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    }
  });

  it("a thousand tokens are pooled and stay exact where it matters", async () => {
    const long = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    const all = Array.from({ length: 5 }, () => reportOf(long, 1, 1).layers[0]!);
    const page = await OpenPage.open({ ...reportOf(long, 1, 1), layers: all, attribution: undefined, ablation: undefined });
    expect(page.one("#heads .intro").textContent).toContain("too large to be stored whole");
    page.press(page.map, "End", { ctrlKey: true });
    expect(page.tooltip).toMatch(/t999 \(999\) → t999 \(999\)/);
    expect(page.all("#detail caption ~ tbody tr")).toHaveLength(8);
    expect(page.document.querySelectorAll("*").length).toBeLessThan(10_000);
  });
});

describe("hostile tokens", () => {
  it("run no script and make no element", async () => {
    const page = await OpenPage.open(reportOf(hostileTokens, 2, 2, hostileTokens[0]));
    for (const key of ["ArrowDown", "ArrowDown", "Enter"]) page.press(page.map, key);
    for (const cell of page.all(".thumb")) cell.click();
    await page.drawn();
    expect(page.window.pwned).toBeUndefined();
    expect(page.document.querySelectorAll("img, svg, body style, body link, iframe")).toHaveLength(0);
    expect(page.document.scripts).toHaveLength(2);
    expect(page.document.title).toContain("</script><img");
    expect(
      page
        .all("*")
        .flatMap((element) => Array.from(element.attributes, ({ name }) => name))
        .filter((name) => name.startsWith("on")),
    ).toEqual([]);
  });

  it("could not run a script even as markup", async () => {
    const page = await OpenPage.open(reportOf(tokens, 1, 1));
    page.one("main").innerHTML = "<img src=x onerror=window.pwned=1><svg onload=window.pwned=2>";
    const script = page.document.createElement("script");
    script.textContent = "window.pwned = 3";
    page.document.body.append(script);
    await page.drawn();
    expect(page.window.pwned).toBeUndefined();
  });
});
