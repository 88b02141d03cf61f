/** A point of a plot, in pixels, and the name that it would have. */
interface NamedPoint {
  readonly left: number;
  readonly top: number;
  readonly name: string;
}

/** Where a name starts, is centred or ends, in pixels. */
export interface NamePlace {
  readonly left: number;
  readonly top: number;
  readonly anchor: "start" | "middle" | "end";
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const [letterWidth, letterHeight, radius] = [7, 12, 6];

/**
 * Places beside points at which names cover no point and no other name, within a width; undefined for a name without such a
 * place. Earlier points come first.
 */
export function placeNames(
  points: readonly NamedPoint[],
  isNamed: (index: number) => boolean,
  width: number,
): readonly (NamePlace | undefined)[] {
  const taken: Box[] = points.map(({ left, top }) => ({
    left: left - radius,
    right: left + radius,
    top: top - radius,
    bottom: top + radius,
  }));
  return points.map((point, index) => {
    if (!isNamed(index)) return undefined;
    const place = placesBeside(point).find((each) => {
      const box = boxOf(each, point.name);
      return box.left >= 0 && box.right <= width && !taken.some((other) => overlap(box, other));
    });
    if (place !== undefined) taken.push(boxOf(place, point.name));
    return place;
  });
}

/** At the right and at the left of a point, a little above, level with it and below; then straight above and below. */
function placesBeside({ left, top }: NamedPoint): readonly NamePlace[] {
  const beside = [top - 6, top + 4, top + 16].flatMap((baseline): NamePlace[] => [
    { left: left + 8, top: baseline, anchor: "start" },
    { left: left - 8, top: baseline, anchor: "end" },
  ]);
  return [...beside, { left, top: top - 9, anchor: "middle" }, { left, top: top + 19, anchor: "middle" }];
}

function boxOf({ left, top, anchor }: NamePlace, name: string): Box {
  const length = name.length * letterWidth;
  const from = left - length * { start: 0, middle: 0.5, end: 1 }[anchor];
  return { left: from, right: from + length, top: top - letterHeight, bottom: top + 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
