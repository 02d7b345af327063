"""What a page owes its reader: targets a thumb can hit, names that can be read out, large type that is not cut."""

from __future__ import annotations

from tests.browser.phones import Phone

LEAST = 44
LARGE = 1.4

MEASURE = """([least, large]) => {
  const page = document.querySelector(".frame:not([hidden]) > .wx-page");
  const roles = ["button", "link", "tab", "radio", "checkbox", "switch"].map((role) => `[role=${role}]`);
  const pressed = [...roles, "input", "textarea"].join(", ");
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const said = (one, name) => one.getAttribute(name) || "";
  const words = (one) => (said(one, "aria-label") || one.innerText || said(one, "placeholder")).trim();
  const called = (one) => words(one).replace(/\\s+/g, " ").slice(0, 30) || one.outerHTML.slice(0, 90);
  const found = [];
  for (const one of [...page.querySelectorAll(pressed)].filter(shown)) {
    const { width, height } = (one.closest("wx-input, wx-textarea, wx-switch") || one).getBoundingClientRect();
    const inner = one.parentElement.closest(pressed); // a field inside what is pressed as a whole
    if (!inner && Math.min(width, height) < least - 0.5) {
      found.push(`small: ${called(one)} ${Math.round(width)}x${Math.round(height)}`);
    }
    if (!words(one)) found.push(`nameless: ${called(one)}`);
  }
  for (const one of [...page.querySelectorAll("img")].filter(shown)) {
    const box = one.closest("[aria-label], [aria-hidden]");
    if (!one.alt && !box) found.push(`picture without a name: ${one.src.slice(-60)}`);
  }
  const sized = [...page.querySelectorAll("[style*='--zoom']")];
  for (const one of sized) one.style.setProperty("--zoom", large);
  const right = page.getBoundingClientRect().right + 0.5;
  const texts = [...page.querySelectorAll("*")].filter((one) => shown(one)
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  for (const one of texts) {
    const spans = document.createRange();
    spans.selectNodeContents(one);
    const box = spans.getBoundingClientRect();
    const cuts = (around) => ["hidden", "clip"].includes(getComputedStyle(around).overflowX);
    for (let around = one; around && around !== page; around = around.parentElement) {
      if (getComputedStyle(around).overflowX === "auto" || getComputedStyle(around).overflowX === "scroll") break;
      const limit = around.getBoundingClientRect();
      if (cuts(around) && (box.right > limit.right + 1 || box.bottom > limit.bottom + 1)) {
        found.push(`cut in large type: ${called(one)}`);
      }
      if (around.parentElement === page && box.right > right) found.push(`runs out of the screen: ${called(one)}`);
    }
  }
  for (const one of sized) one.style.setProperty("--zoom", "1");
  return [...new Set(found)];
}"""


def faults(phone: Phone) -> list[str]:
    """What the shown page lacks, in words; its type is as large as people set it meanwhile, and then as it was."""
    found: list[str] = phone.page.evaluate(MEASURE, [LEAST, LARGE])
    return found
