import type { Triple } from "pleura";
import type { MaskName, ScanSummary } from "pleura/worker";
import type { MarkedNodule } from "../nodules-panel.ts";
import type { Measurement, Tool } from "./measure.ts";
import type { Window } from "./windows.ts";

/** What all views of a scan share. */
export interface ViewState {
  readonly scan: ScanSummary;
  /** Where the three planes cross, a voxel's index. */
  cursor: Triple;
  window: Window;
  overlay: MaskName;
  /** 0 to 1. */
  opacity: number;
  tool: Tool;
  measurements: Measurement[];
  /** Marked in the slices. */
  nodules: readonly MarkedNodule[];
}

/** What a view tells the viewer. */
export interface ViewEvents {
  /** The user moved to another voxel. */
  readonly onCursor: (cursor: Triple) => void;
  /** The pointer is over a value, or has left. */
  readonly onHover: (at: { readonly index: Triple; readonly value: number } | undefined) => void;
  /** A measurement was made; `text` says what it came to. */
  readonly onMeasured: (measurement: Measurement, text: string) => void;
  /** The window was changed by dragging. */
  readonly onWindow: (window: Window) => void;
}
