import { Random } from "@tfblocks/tensor-utils";

/** A source for models whose parameters are about to be loaded: it draws nothing, which for millions of them takes seconds. */
class UnsetRandom extends Random {
  override split(): Random {
    return this;
  }

  override uint32(): number {
    return 0;
  }

  override uniform(): number {
    return 0;
  }

  override normal(): number {
    return 0;
  }
}

export const unsetRandom: Random = new UnsetRandom(0);
