// What a built-in component does with its own element of the page.

const inner = new WeakMap();

// A page that was left may still be told data; what it would draw goes nowhere.
const nowhere = document.createElement("i");
export const host = (component) => component._$.getBackendElement() || nowhere;

// The element that carries an element's label and role: the real field inside, where there is one.
export const labelled = (element) => inner.get(element) || element;

// Puts a browser's own control inside.
export function put(component, control) {
  control.classList.add("raw");
  host(component).append(control);
  inner.set(host(component), control);
  return control;
}

export const control = (component) => inner.get(host(component));

export const listen = (component, name, heard) => component._$.addListener(name, heard);

// `hover-class` while a finger is on it; the fourth class segment is glass-easel's for passing states.
const PASSING = 3;
export const HOVER = { hoverClass: String, hoverStartTime: Number, hoverStayTime: Number, hoverStopPropagation: Boolean };
export function hovers(component) {
  const element = host(component);
  const show = (whether) => () => {
    const name = component.data.hoverClass;
    if (name && name !== "none" && !component.data.disabled) component._$.setNodeClass(whether ? name : "", PASSING);
  };
  element.addEventListener("pointerdown", show(true));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(end, show(false));
}

// What an element is in a form: its name, its value now, and the value to which a reset brings it.
const fields = new WeakMap();
export const joinForm = (component, field) => fields.set(host(component), field);
export const fieldsWithin = (element) => [...element.querySelectorAll("*")].map((one) => fields.get(one)).filter(Boolean);
