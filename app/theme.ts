import { button } from "./dom.ts";

const NEXT = { auto: "dark", dark: "light", light: "auto" } as const;
type Theme = keyof typeof NEXT;

/** A button that goes through the system's own colours, dark and light. */
export function themeButton(): HTMLButtonElement {
  let theme: Theme = "auto";
  const show = (): void => {
    document.documentElement.dataset["theme"] = theme;
    made.textContent = theme === "auto" ? "Auto" : theme === "dark" ? "Dark" : "Light";
    made.setAttribute("aria-label", `Colours: ${theme}`);
  };
  const made = button("", () => {
    theme = NEXT[theme];
    show();
  });
  show();
  return made;
}
