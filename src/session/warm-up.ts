import { PROFILES } from "../case/profile.ts";
import { PleuraError } from "../errors.ts";
import { lungSides } from "../lungs/sides.ts";
import { makePhantom } from "../phantom/phantom.ts";
import { surfaceOf } from "../surface/surface.ts";
import { Computation } from "./computation.ts";
import { viewSlice } from "./view-slice.ts";

/** Small, so that a scan that comes meanwhile waits for some milliseconds only. */
const SMALL = { size: 128, slices: 64 };
/** After so many runs the engine has compiled what takes time. */
const RUNS = 3;

/**
 * Runs a small phantom some times, so that the first scan finds the stages compiled.
 *
 * @param isWanted - asked between two stages: false ends it
 */
export async function warmUp(isWanted: () => boolean): Promise<void> {
  if (!isWanted()) return;
  const volume = makePhantom(SMALL);
  for (let run = 0; run < RUNS && isWanted(); run++) {
    const computation = new Computation(volume);
    await computation.run(PROFILES.grt123, ({ stage }) => {
      if (!isWanted()) throw new PleuraError("aborted", "A scan has come", { stage });
    });
    const { right, left } = lungSides(volume, computation.complete!.lungs);
    for (const plane of ["axial", "coronal", "sagittal"] as const)
      viewSlice(volume, { plane, index: 20 }, [right, left]);
    surfaceOf(right, volume);
  }
}
