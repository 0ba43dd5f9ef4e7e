import type { Triple } from "pleura";
import { type Cut, PLANE_AXES, type Plane } from "pleura/worker";
import { el, toggleGroup } from "../dom.ts";
import { clampIndex, PLANE_NAMES } from "../viewer/geometry.ts";

/** Chooses the slice to be looked at: a plane, and a place along the axis that it cuts. */
export class SlicePicker {
  readonly element: HTMLElement;
  private plane: Plane = "axial";
  private readonly slider = el("input", { type: "range", min: 0, step: 1 });
  private readonly position = el("output", {});

  /**
   * @param cursor - voxel at which the planes cross
   * @param onCursor - the user chose another slice
   */
  constructor(
    private readonly shape: Triple,
    private cursor: Triple,
    private readonly onCursor: (cursor: Triple) => void,
  ) {
    this.slider.addEventListener("input", () => this.moveAlong(Number(this.slider.value)));
    const planes = toggleGroup("Plane", Object.entries(PLANE_NAMES) as [Plane, string][], this.plane, (plane) => {
      this.plane = plane;
      this.draw();
      this.onCursor(this.cursor);
    });
    this.element = el("div", { class: "slice" }, planes, this.slider, this.position);
    this.draw();
  }

  /** The slice that is chosen. */
  get cut(): Cut {
    return { plane: this.plane, index: this.cursor[PLANE_AXES[this.plane].fixed] };
  }

  /** Shows another crossing of the planes. */
  moveTo(cursor: Triple): void {
    this.cursor = cursor;
    this.draw();
  }

  /** Goes on by some slices. */
  step(by: number): void {
    this.moveAlong(this.cut.index + by);
  }

  private moveAlong(index: number): void {
    const cursor: [number, number, number] = [...this.cursor];
    cursor[PLANE_AXES[this.plane].fixed] = index;
    this.moveTo(clampIndex(cursor, this.shape));
    this.onCursor(this.cursor);
  }

  private draw(): void {
    const { index } = this.cut;
    const slices = this.shape[PLANE_AXES[this.plane].fixed];
    this.slider.max = String(slices - 1);
    this.slider.value = String(index);
    this.slider.setAttribute("aria-label", `${PLANE_NAMES[this.plane]} slice`);
    this.position.textContent = `${index + 1} / ${slices}`;
  }
}
