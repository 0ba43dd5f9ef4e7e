import { button } from "../dom.ts";

/**
 * Makes a button that lets a pane fill the screen, and brings it back. Where the browser does not give the screen
 * away, the pane fills the page.
 */
export function enlargeButton(pane: HTMLElement, name: string): HTMLButtonElement {
  const made = button("\u2922", () => void toggle(), { class: "enlarge" });
  const isLarge = (): boolean => document.fullscreenElement === pane || pane.classList.contains("enlarged");
  const show = (): void => {
    const label = isLarge() ? `Make ${name} small again` : `Enlarge ${name}`;
    made.setAttribute("aria-label", label);
    made.title = label;
    made.setAttribute("aria-pressed", String(isLarge()));
  };
  const toggle = async (): Promise<void> => {
    if (document.fullscreenElement === pane) await document.exitFullscreen();
    else if (pane.classList.contains("enlarged")) pane.classList.remove("enlarged");
    else {
      await pane.requestFullscreen?.().catch(() => undefined);
      if (document.fullscreenElement !== pane) pane.classList.add("enlarged");
    }
    show();
  };
  pane.addEventListener("fullscreenchange", show);
  pane.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !pane.classList.contains("enlarged")) return;
    pane.classList.remove("enlarged");
    show();
  });
  show();
  return made;
}
