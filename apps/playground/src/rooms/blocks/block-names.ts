/** The blocks of the room, by their names in links. */
export const blockNames = ["positions", "norms", "feedForward"] as const;
export type BlockName = (typeof blockNames)[number];

/** Their names on the page. */
export const blockTitles: Record<BlockName, string> = { positions: "Positions", norms: "Norms", feedForward: "Feed-forward" };
