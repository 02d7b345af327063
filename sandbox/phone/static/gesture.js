// Whether what a page does now comes from a tap or from the end of a payment: some calls of WeChat want that. The answer
// of a request ends it, as it does in WeChat.

let fresh = false;
export const gestured = () => { fresh = true; };
export const answered = () => { fresh = false; };
export const isGesture = () => fresh;

export function watchTaps() {
  for (const name of ["pointerdown", "touchend", "click"]) {
    document.addEventListener(name, (event) => { if (event.isTrusted) gestured(); }, { capture: true, passive: true });
  }
}
