// A finger makes a touch and, a moment later, a click at the same place. When the touch has changed what lies there, that
// click would press something nobody aimed at: it is swallowed.

const SOON_MS = 700;
let touched = null;

export function swallowStrayClicks() {
  document.addEventListener("touchstart", (event) => { touched = { target: event.target, at: event.timeStamp }; }, { capture: true, passive: true });
  for (const name of ["mousedown", "mouseup", "click"]) {
    document.addEventListener(name, (event) => {
      if (!touched || event.timeStamp - touched.at > SOON_MS) return;
      const meant = touched.target.contains(event.target) || event.target.contains(touched.target);
      if (!meant || !touched.target.isConnected) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (name === "click") touched = null;
    }, { capture: true });
  }
}
