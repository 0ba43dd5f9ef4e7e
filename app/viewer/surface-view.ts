import { type MaskName, SessionError } from "pleura/worker";
import { BONE_COLOUR, LUNG_COLOURS } from "../colours.ts";
import { button, el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { enlargeButton } from "./enlarge.ts";
import type { Rgb } from "./paint.ts";
import type { Scene } from "./scene.ts";

interface Surface {
  readonly of: MaskName;
  readonly label: string;
  readonly colour: Rgb;
  readonly opacity: number;
}

/** Of the context that the surfaces are drawn with; the picture can be saved after it was shown. */
const CONTEXT: WebGLContextAttributes = { antialias: true, alpha: true, preserveDrawingBuffer: true };
const NO_WEBGL =
  "3-D needs WebGL, which this browser does not offer or has switched off. Everything else works without it.";

const STAGE_COLOUR: Rgb = [150, 160, 175];
const SURFACES: readonly Surface[] = [
  { of: "right", label: "Right", colour: LUNG_COLOURS[1]!, opacity: 1 },
  { of: "left", label: "Left", colour: LUNG_COLOURS[2]!, opacity: 1 },
  { of: "bones", label: "Bones", colour: BONE_COLOUR, opacity: 0.3 },
];

/** The lungs, the bones and the mask that is laid over the slices, as surfaces. */
export class SurfaceView {
  readonly element: HTMLElement;
  readonly canvas = el("canvas", {
    tabindex: 0,
    role: "img",
    "aria-label":
      "Surfaces of the lungs and the bones. Drag or use the arrow keys to turn, scroll or use plus and minus to come nearer.",
  });
  private readonly shown = new Set<MaskName>(["right", "left"]);
  private readonly toggles = el("span", { class: "toggles" });
  private readonly enlarge: HTMLButtonElement;
  private scene: Promise<Scene> | undefined;
  private context: WebGL2RenderingContext | null | undefined;
  private stage: MaskName = "lungs";

  constructor(private readonly engine: Engine) {
    const title = el("figcaption", {}, el("span", {}, "3-D"), this.toggles);
    this.element = el("figure", { class: "view surfaces" }, title, this.canvas);
    this.enlarge = enlargeButton(this.element, "3-D");
    title.append(this.enlarge);
    new ResizeObserver(() => void this.scene?.then((scene) => scene.draw())).observe(this.canvas);
    this.drawToggles();
  }

  /** Makes all surfaces anew. */
  async refresh(): Promise<void> {
    for (const surface of this.surfaces()) if (this.shown.has(surface.of)) await this.add(surface);
    (await this.scene)?.place();
  }

  /** Takes all surfaces away until they are made anew. */
  async clear(): Promise<void> {
    const scene = await this.scene;
    for (const of of this.shown) scene?.hide(of);
  }

  /** Offers another stage's mask in place of the last one. */
  async setStage(stage: MaskName): Promise<void> {
    if (this.isExtra() && this.shown.delete(this.stage)) (await this.scene)?.hide(this.stage);
    this.stage = stage;
    this.drawToggles();
  }

  /** Frees what the graphics card holds. */
  async close(): Promise<void> {
    (await this.scene)?.close();
  }

  private surfaces(): Surface[] {
    const stage = { of: this.stage, label: "Mask", colour: STAGE_COLOUR, opacity: 0.4 };
    return this.isExtra() ? [...SURFACES, stage] : [...SURFACES];
  }

  /** Whether the mask over the slices is none of those that are always offered. */
  private isExtra(): boolean {
    return this.stage !== "lungs" && this.stage !== "bones";
  }

  private drawToggles(): void {
    const toggle = (surface: Surface): HTMLButtonElement =>
      button(surface.label, () => void this.toggle(surface), { "aria-pressed": String(this.shown.has(surface.of)) });
    this.toggles.replaceChildren(...this.surfaces().map(toggle));
  }

  private async toggle(surface: Surface): Promise<void> {
    if (this.shown.delete(surface.of)) (await this.scene)?.hide(surface.of);
    else {
      this.shown.add(surface.of);
      await this.add(surface);
    }
    this.drawToggles();
  }

  private async add({ of, colour, opacity }: Surface): Promise<void> {
    const context = this.drawingContext();
    if (context === null) return;
    this.element.dataset["surfaces"] = "working";
    const mesh = await this.engine.call("surface", { of }).catch((error: unknown) => {
      // A run that failed has no such mask; the page says so already.
      if (error instanceof SessionError && error.stage !== undefined) return undefined;
      throw error;
    });
    // What draws in space is large, so it comes only now.
    this.scene ??= import("./scene.ts").then(({ Scene }) => new Scene(this.canvas, context));
    const scene = await this.scene;
    if (mesh !== undefined && this.shown.has(of)) scene.show(of, mesh, colour, opacity);
    else scene.hide(of);
    this.element.dataset["surfaces"] = "shown";
  }

  /** What draws in space, or `null` where the browser has nothing that does, which is said in its place. */
  private drawingContext(): WebGL2RenderingContext | null {
    if (this.context !== undefined) return this.context;
    this.context = this.canvas.getContext("webgl2", CONTEXT);
    if (this.context === null) {
      this.toggles.remove();
      this.enlarge.remove();
      this.canvas.replaceWith(el("p", { class: "note" }, NO_WEBGL));
      this.element.dataset["surfaces"] = "unavailable";
    }
    return this.context;
  }
}
