import { type LungSides, lungSides } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import type { StageName } from "../pipeline/profiles.ts";
import { bones } from "../surface/bones.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Computation } from "./computation.ts";
import type { MaskName } from "./protocol.ts";

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
    const stage = this.stageOf(name);
    return stage === undefined || this.computation.has(stage);
  }

  /**
   * Waits until a mask is there.
   *
   * @throws what the run threw, when it failed before
   */
  async until(name: MaskName): Promise<void> {
    const stage = this.stageOf(name);
    if (stage !== undefined) await this.computation.until(stage);
  }

  /** A mask that is there; `lungs` are two, the right one first. */
  get(name: MaskName): readonly BitVolume[] {
    switch (name) {
      case "bones":
        this.boneMask ??= bones(this.computation.volume);
        return [this.boneMask];
      case "lungs":
        return [this.sides.right, this.sides.left];
      case "right":
      case "left":
        return [this.sides[name]];
      default:
        return [this.computation.mask(name)!];
    }
  }

  /** The stage that makes a mask; bones need the scan only. */
  private stageOf(name: MaskName): StageName | undefined {
    if (name === "bones") return undefined;
    return this.computation.stageOf(name === "right" || name === "left" ? "lungs" : name);
  }
}
