let held = false;

/** Whether the space bar is held down over something that it drags. */
export function isSpaceHeld(): boolean {
  return held;
}

/** Watches the space bar; over what is found by `selector` it does not scroll the page. */
export function watchSpace(selector: string): void {
  addEventListener("keydown", (event) => {
    if (event.key !== " " || !document.querySelector(selector)?.matches(":hover")) return;
    if (event.target instanceof HTMLElement && event.target.closest("button, input, select, textarea, summary")) return;
    held = true;
    event.preventDefault();
  });
  addEventListener("keyup", ({ key }) => {
    if (key === " ") held = false;
  });
  addEventListener("blur", () => {
    held = false;
  });
}
