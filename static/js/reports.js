// Reports: the sentence that asks by itself as it is finished, and tables whose rows and columns open and close.
import { announce } from "./words.js";

// --- the sentence ---

const QUIET_MS = 350;
let waiting = 0;

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("#ask");
  if (!form || !event.target.matches("input[type='text']") || event.target.closest(".ts-wrapper")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => window.htmx.trigger(form, "typed"), QUIET_MS);
});

/** Ask again; what was focused is gone, so the place before it takes over. */
function askAgain(form, next) {
  next?.focus();
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const empties = event.target.closest("[data-empties]");
  const drops = event.target.closest("[data-drops]");
  const form = document.getElementById("ask");
  if (empties) {
    const select = document.getElementById(empties.dataset.empties);
    select.value = "";
    askAgain(form, select);
  } else if (drops) {
    drops.closest("[data-only]").remove();
    askAgain(form, document.getElementById("ask-only"));
  }
});

// --- tables that fold ---

const isOpen = (button) => button.getAttribute("aria-expanded") === "true";
const childrenOf = (table, id) => [...table.querySelectorAll(`tr[data-parent="${id}"]`)];

/** Show what lies directly under a row, and what lies under that where it was open. */
function drawUnder(table, id, visible) {
  for (const row of childrenOf(table, id)) {
    row.hidden = !visible;
    const button = row.querySelector("[data-folds]");
    if (button) drawUnder(table, button.dataset.folds, visible && isOpen(button));
  }
}

function foldRow(button, open) {
  button.setAttribute("aria-expanded", String(open));
  drawUnder(button.closest("table"), button.dataset.folds, open);
}

/** A folded group of columns keeps its total. */
function foldColumns(button, open) {
  const head = button.closest("th");
  head.dataset.span ??= String(head.colSpan);
  button.setAttribute("aria-expanded", String(open));
  head.colSpan = open ? Number(head.dataset.span) : 1;
  for (const cell of button.closest("table").querySelectorAll(`[data-group="${button.dataset.foldsColumns}"]`)) cell.hidden = !open;
}

const fold = (button, open) => (button.dataset.folds ? foldRow(button, open) : foldColumns(button, open));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-folds], [data-folds-columns]");
  if (button) return fold(button, !isOpen(button));
  const all = event.target.closest("[data-folds-all]");
  if (!all) return;
  const open = all.getAttribute("aria-pressed") === "true";
  for (const one of document.querySelectorAll("[data-pivot] [data-folds]")) foldRow(one, open);
  all.setAttribute("aria-pressed", String(!open));
  [all.textContent, all.dataset.other] = [all.dataset.other, all.textContent];
  announce(all.dataset.other);
});

// Arrows as in a tree: right opens, left closes, up and down go to the next one that can.
const WAYS = { ArrowUp: -1, ArrowDown: 1 };

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[data-folds]");
  if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    foldRow(button, event.key === "ArrowRight");
  } else if (WAYS[event.key]) {
    const all = [...button.closest("table").querySelectorAll("[data-folds]")].filter((one) => one.checkVisibility());
    all[all.indexOf(button) + WAYS[event.key]]?.focus();
  } else {
    return;
  }
  event.preventDefault();
});
