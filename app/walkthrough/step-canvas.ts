import type { StepPicture } from "pleura/worker";
import { css, PALETTE, SCALE, scaleColour } from "../colours.ts";
import { el, formatNumber } from "../dom.ts";
import { paintSlice } from "../viewer/paint.ts";
import type { Window } from "../viewer/windows.ts";

const HU_WINDOW: Window = [-1350, 250];
const GREY_WINDOW: Window = [0, 255];

/** Shows the picture of one step. */
export class StepCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly element: HTMLElement;
  private readonly title = el("span", {});
  /** What is said where there is no picture. */
  private readonly note = el("p", { class: "note", hidden: true });
  private picture: StepPicture | undefined;

  constructor(role: "Before" | "After") {
    this.canvas = el("canvas", { role: "img", "aria-label": `${role} this step` });
    const caption = el("figcaption", {}, el("span", {}, role), this.title);
    this.element = el("figure", { class: "view step" }, caption, this.canvas, this.note);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /**
   * Shows a step's picture.
   *
   * @param reason - said in its place where there is none
   */
  show(picture: StepPicture | undefined, title: string, reason = ""): void {
    this.picture = picture;
    this.note.textContent = reason;
    this.note.hidden = picture !== undefined;
    this.title.textContent = title;
    this.draw();
  }

  private draw(): void {
    const { canvas, picture } = this;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    if (picture === undefined || canvas.width === 0) return;
    const { width, height, spacing, box } = picture;
    const source = document.createElement("canvas");
    source.width = width;
    source.height = height;
    const opacity = picture.unit === "grey" ? 0.55 : 0.5;
    const overlay = { classes: picture.classes, colours: PALETTE, opacity };
    const window = picture.unit === "HU" ? HU_WINDOW : GREY_WINDOW;
    const scale = picture.step === "hounsfield" ? scaleColour : undefined;
    source.getContext("2d")!.putImageData(paintSlice(picture, window, overlay, scale), 0, 0);
    const size = Math.min(canvas.width / (width * spacing[1]), canvas.height / (height * spacing[0]));
    const [wide, high] = [width * spacing[1] * size, height * spacing[0] * size];
    const [left, top] = [(canvas.width - wide) / 2, (canvas.height - high) / 2];
    const context = canvas.getContext("2d")!;
    context.imageSmoothingQuality = "high";
    context.drawImage(source, left, top, wide, high);
    if (box === undefined) return;
    const place = (n: number, along: number, whole: number): number => (n / whole) * along;
    context.strokeStyle = "#57b8c9";
    context.lineWidth = 1.5 * ratio;
    context.strokeRect(
      left + place(box.left, wide, width),
      top + place(box.top, high, height),
      place(box.right - box.left, wide, width),
      place(box.bottom - box.top, high, height),
    );
  }
}

/** What the colours of a picture mean, with how many pixels of the slice have them. */
export function legend(
  picture: StepPicture,
  names: Readonly<Record<string, string>>,
  classes: readonly string[],
): HTMLElement {
  if (picture.step === "hounsfield") return huScale();
  const counts = new Map<number, number>();
  for (const value of picture.classes) counts.set(value, (counts.get(value) ?? 0) + 1);
  const items = Object.entries(names).map(([name, label]) => {
    const number = classes.indexOf(name);
    const swatch = el("i", {});
    swatch.style.background = css(PALETTE[number]!);
    return el("li", {}, swatch, el("span", {}, label), el("b", {}, formatNumber(counts.get(number) ?? 0)));
  });
  if (items.length === 0) return el("div", {});
  return el("ul", { class: "legend", "aria-label": "Colours, with pixels of this slice" }, ...items);
}

function huScale(): HTMLElement {
  const items = SCALE.filter(([, , name]) => name !== "").map(([hu, colour, name]) => {
    const swatch = el("i", {});
    swatch.style.background = css(colour);
    return el("li", {}, swatch, el("span", {}, name), el("b", {}, `${formatNumber(hu)} HU`));
  });
  return el("ul", { class: "legend", "aria-label": "Colour scale" }, ...items);
}
