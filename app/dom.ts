type Child = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Makes an element. Attributes that are `undefined` or `false` are left out, `true` ones are empty.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Makes a button that does something. */
export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onClick);
  return made;
}

/**
 * Makes buttons of which one is pressed.
 *
 * @param onChange - told of the one that was pressed
 */
export function toggleGroup<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  chosen: T,
  onChange: (value: T) => void,
): HTMLElement {
  const group = el("div", { class: "group", role: "group", "aria-label": label });
  const made = options.map(([value, text]) =>
    button(
      text,
      () => {
        for (const other of made) other.setAttribute("aria-pressed", String(other.dataset["value"] === value));
        onChange(value);
      },
      { "aria-pressed": String(value === chosen), "data-value": value },
    ),
  );
  group.append(...made);
  return group;
}

/** Makes a labelled list to choose from. */
export function select<T extends string>(
  label: string,
  options: readonly (readonly [value: T, text: string])[],
  onChange: (value: T) => void,
): { field: HTMLLabelElement; list: HTMLSelectElement } {
  const list = el("select", {}, ...options.map(([value, text]) => el("option", { value }, text)));
  list.addEventListener("change", () => onChange(list.value as T));
  return { field: el("label", { class: "field" }, el("span", {}, label), list), list };
}

/** A number with a thin space between thousands and a real minus sign. */
export function formatNumber(value: number, digits = 0): string {
  const [whole = "", fraction] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u2009");
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" : "";
  return `${sign}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}
