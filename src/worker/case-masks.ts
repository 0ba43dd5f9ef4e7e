import { type LungSides, lungSides } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import { bones } from "../surface/bones.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Computation } from "./computation.ts";
import type { MaskName, RunStage } from "./protocol.ts";

/** The stage that makes each mask; bones need the scan only. */
const STAGES: Readonly<Record<MaskName, RunStage | undefined>> = {
  bones: undefined,
  binary: "binarize",
  body: "select",
  filled: "fill",
  lungs: "separate",
  right: "separate",
  left: "separate",
  lung1: "separate",
  lung2: "separate",
  dilated1: "hull",
  dilated2: "hull",
};

/** The masks of a case that can be looked at, as far as its computation has come. */
export class CaseMasks {
  private boneMask: BitVolume | undefined;
  /** Which lung is which, with the lungs that it was found for. */
  private known: { readonly lungs: Lungs; readonly sides: LungSides } | undefined;

  constructor(private readonly computation: Computation) {}

  /** Which lung is which, once they are separated. */
  get sides(): LungSides {
    const { volume, state } = this.computation;
    const lungs = state.lungs!;
    if (this.known?.lungs !== lungs) this.known = { lungs, sides: lungSides(volume, lungs) };
    return this.known.sides;
  }

  /** Whether a mask is there. */
  has(name: MaskName): boolean {
    const stage = STAGES[name];
    return stage === undefined || this.computation.has(stage);
  }

  /**
   * Waits until a mask is there.
   *
   * @throws what the run threw, when it failed before
   */
  async until(name: MaskName): Promise<void> {
    const stage = STAGES[name];
    if (stage !== undefined) await this.computation.until(stage);
  }

  /** A mask that is there; `lungs` are two, the right one first. */
  get(name: MaskName): readonly BitVolume[] {
    const { volume, state } = this.computation;
    switch (name) {
      case "bones":
        this.boneMask ??= bones(volume);
        return [this.boneMask];
      case "lungs":
        return [this.sides.right, this.sides.left];
      case "right":
      case "left":
        return [this.sides[name]];
      case "body":
        return [state.selection!.mask];
      case "lung1":
      case "lung2":
        return [state.lungs![name]];
      default:
        return [state[name]!];
    }
  }
}
