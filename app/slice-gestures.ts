/** Way of the wheel that goes on by one slice, CSS pixels: less than one notch of any mouse. */
const WHEEL_PIXELS = 50;
/** What browsers that count in lines call a notch is three of them. */
const LINE_PIXELS = 20;
/** After a pause the wheel's way is counted anew, ms. */
const PAUSE = 400;
/** Way of a finger that goes on by one slice, CSS pixels. */
const SWIPE_PIXELS = 8;

/** Adds up what a wheel or a trackpad turns until it is enough for a slice. */
export class WheelDistance {
  private rest = 0;
  private last = Number.NEGATIVE_INFINITY;

  /**
   * @param pixels - how far it was turned
   * @param at - when, ms
   * @returns -1, 0 or 1: slices to go on by, in the direction of the turn
   */
  turn(pixels: number, at: number): number {
    if (at - this.last > PAUSE || this.rest * pixels < 0) this.rest = 0;
    this.last = at;
    this.rest += pixels;
    if (Math.abs(this.rest) < WHEEL_PIXELS) return 0;
    const direction = Math.sign(this.rest);
    // A notch of a mouse is one slice, however far the browser says that it goes.
    this.rest = Math.abs(pixels) >= WHEEL_PIXELS ? 0 : this.rest - direction * WHEEL_PIXELS;
    return direction;
  }
}

/**
 * Lets a wheel or a trackpad go through slices. Zooming the page, which comes as turns of the wheel
 * with Ctrl, is left to the browser.
 *
 * @param onSteps - told by how many slices to go on, to higher numbers where that is positive
 */
export function listenToWheel(element: HTMLElement, onSteps: (by: number) => void): void {
  const distance = new WheelDistance();
  element.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const unit = [1, LINE_PIXELS, WHEEL_PIXELS][event.deltaMode] ?? 1;
      const steps = distance.turn(event.deltaY * unit, event.timeStamp);
      if (steps !== 0) onSteps(-steps);
    },
    { passive: false },
  );
}

/** What a finger does on a slice. */
export interface TouchEvents {
  /** Whether fingers go through slices now; otherwise they are left alone. */
  readonly isOn: () => boolean;
  /** A finger went on by so many slices: up or to the right, to higher numbers, where that is positive. */
  readonly onSteps: (by: number) => void;
  /** A finger was put down and taken off in one place. */
  readonly onTap?: (event: PointerEvent) => void;
}

/**
 * Lets a finger go through slices: one slice for each few pixels of a swipe, up or down, or to a side.
 * The element must keep the browser from scrolling there (`touch-action`).
 */
export function listenToTouch(element: HTMLElement, { isOn, onSteps, onTap }: TouchEvents): void {
  let swipe: { readonly id: number; readonly x: number; readonly y: number; steps: number } | undefined;
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || !isOn()) return;
    // A second finger zooms the page.
    swipe = swipe === undefined ? { id: event.pointerId, x: event.clientX, y: event.clientY, steps: 0 } : undefined;
    if (swipe !== undefined) element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (event.pointerId !== swipe?.id) return;
    const [right, up] = [event.clientX - swipe.x, swipe.y - event.clientY];
    const steps = Math.trunc((Math.abs(up) >= Math.abs(right) ? up : right) / SWIPE_PIXELS);
    if (steps !== swipe.steps) onSteps(steps - swipe.steps);
    swipe.steps = steps;
  });
  element.addEventListener("pointerup", (event) => {
    if (event.pointerId !== swipe?.id) return;
    const way = Math.hypot(event.clientX - swipe.x, event.clientY - swipe.y);
    swipe = undefined;
    if (way < SWIPE_PIXELS) onTap?.(event);
  });
  element.addEventListener("pointercancel", () => {
    swipe = undefined;
  });
}
