/** The names of the blocks in links. */
export const blockNames = ["positions", "norms", "feedForward"] as const;
export type BlockName = (typeof blockNames)[number];

/** The names of the blocks on the page. */
export const blockTitles: Record<BlockName, string> = { positions: "Positions", norms: "Norms", feedForward: "Feed-forward" };
