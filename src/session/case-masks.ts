import { PleuraError } from "../errors.ts";
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
    if (name === "bones") return true;
    const stage = this.stageOf(name);
    return stage !== undefined && this.computation.has(stage);
  }

  /**
   * Waits until a mask is there.
   *
   * @throws what the run threw, when it failed before; PleuraError `not-found` when no stage makes the mask
   */
  async until(name: MaskName): Promise<void> {
    if (name === "bones") return;
    const stage = this.stageOf(name);
    if (stage === undefined) {
      throw new PleuraError("not-found", "No stage of this profile makes such a mask", {
        stage: "options",
        quote: name,
      });
    }
    await this.computation.until(stage);
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

  /** The stage that makes a mask, if the profile has one. */
  private stageOf(name: Exclude<MaskName, "bones">): StageName | undefined {
    return this.computation.stageOf(name === "right" || name === "left" ? "lungs" : name);
  }
}
