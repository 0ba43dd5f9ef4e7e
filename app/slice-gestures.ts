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

/** Turns of the wheel with Ctrl, and pinches on a trackpad, which browsers tell as such: a pixel zooms by this. */
const ZOOM_PER_PIXEL = 1.004;
/** However far a browser says that a notch goes. */
const MOST_ZOOM_PIXELS = 60;

/**
 * Lets a wheel or a trackpad go through slices, and zoom with Ctrl.
 *
 * @param onSteps - told by how many slices to go on, to higher numbers where that is positive
 * @param onZoom - told how many times larger the picture becomes, and where the pointer is; without it, turns with
 * Ctrl are left to the browser, which zooms the page
 */
export function listenToWheel(
  element: HTMLElement,
  onSteps: (by: number) => void,
  onZoom?: (factor: number, x: number, y: number) => void,
): void {
  const distance = new WheelDistance();
  element.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey && onZoom === undefined) return;
      event.preventDefault();
      const unit = [1, LINE_PIXELS, WHEEL_PIXELS][event.deltaMode] ?? 1;
      const pixels = event.deltaY * unit;
      if (event.ctrlKey) {
        const way = Math.max(-MOST_ZOOM_PIXELS, Math.min(MOST_ZOOM_PIXELS, pixels));
        onZoom?.(ZOOM_PER_PIXEL ** -way, event.offsetX, event.offsetY);
        return;
      }
      const steps = distance.turn(pixels, event.timeStamp);
      if (steps !== 0) onSteps(-steps);
    },
    { passive: false },
  );
}

/** What two fingers do: how many times larger, about which place, and by how many pixels to the right and down. */
export interface Pinch {
  readonly factor: number;
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly down: number;
}

/** What a finger does on a slice. */
export interface TouchEvents {
  /** Whether fingers go through slices now; otherwise they are left alone. */
  readonly isOn: () => boolean;
  /** A finger went on by so many slices: up or to the right, to higher numbers, where that is positive. */
  readonly onSteps: (by: number) => void;
  /** A finger was put down and taken off in one place. */
  readonly onTap?: (event: PointerEvent) => void;
  /** Two fingers moved; without it they are left to the browser. */
  readonly onPinch?: (pinch: Pinch) => void;
}

/** Where a finger is, CSS pixels of the element. */
interface Finger {
  readonly x: number;
  readonly y: number;
}

/**
 * Lets a finger go through slices: one slice for each few pixels of a swipe, up or down, or to a side.
 * The element must keep the browser from scrolling there (`touch-action`).
 */
export function listenToTouch(element: HTMLElement, { isOn, onSteps, onTap, onPinch }: TouchEvents): void {
  const fingers = new Map<number, Finger>();
  let swipe: { readonly id: number; readonly x: number; readonly y: number; steps: number } | undefined;
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || !isOn()) return;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    // A second finger zooms.
    const isFirst = fingers.size === 1;
    swipe = isFirst ? { id: event.pointerId, x: event.clientX, y: event.clientY, steps: 0 } : undefined;
    if (isFirst || onPinch !== undefined) element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (fingers.size === 2 && fingers.has(event.pointerId)) {
      const before = [...fingers.values()] as [Finger, Finger];
      fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      onPinch?.(pinchOf(before, [...fingers.values()] as [Finger, Finger]));
      return;
    }
    if (event.pointerId !== swipe?.id) return;
    const [right, up] = [event.clientX - swipe.x, swipe.y - event.clientY];
    const steps = Math.trunc((Math.abs(up) >= Math.abs(right) ? up : right) / SWIPE_PIXELS);
    if (steps !== swipe.steps) onSteps(steps - swipe.steps);
    swipe.steps = steps;
  });
  element.addEventListener("pointerup", (event) => {
    fingers.delete(event.pointerId);
    if (event.pointerId !== swipe?.id) return;
    const way = Math.hypot(event.clientX - swipe.x, event.clientY - swipe.y);
    swipe = undefined;
    if (way < SWIPE_PIXELS) onTap?.(event);
  });
  element.addEventListener("pointercancel", ({ pointerId }) => {
    fingers.delete(pointerId);
    swipe = undefined;
  });
}

function pinchOf(before: readonly [Finger, Finger], after: readonly [Finger, Finger]): Pinch {
  const wide = ([a, b]: readonly [Finger, Finger]): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const middle = ([a, b]: readonly [Finger, Finger]): Finger => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [from, to] = [middle(before), middle(after)];
  return { factor: wide(after) / wide(before), x: to.x, y: to.y, right: to.x - from.x, down: to.y - from.y };
}
