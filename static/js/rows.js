// Rows by keys, wherever a table says data-rows: j and k move, Enter opens, x ticks (with Shift from the last one on), e edits.
// Arrows left and right choose a cell that can be edited. Nothing happens while somebody types.
import { resting } from "./keys.js";

let place = 0;
let lastTicked = null;

const tables = () => [...document.querySelectorAll("[data-rows]")].filter((table) => table.checkVisibility());
const rows = () => tables().flatMap((table) => [...table.querySelectorAll("[data-row]")]);
const cellsOf = (row) => [...row.querySelectorAll("[data-edits]")].filter((cell) => cell.checkVisibility());
const rowAt = (element) => element?.closest?.("[data-row]") ?? null;
const cellAt = (element) => (element?.matches?.("[data-edits]") ? element : null);

function focus(element) {
  if (!element) return;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

/** Go to the next row (or the one before), staying in the column; from outside begin where one was. */
function move(by) {
  const all = rows();
  if (!all.length) return false;
  const here = rowAt(document.activeElement);
  const at = here ? all.indexOf(here) + by : place;
  const next = all[Math.max(0, Math.min(at, all.length - 1))];
  const column = here ? cellsOf(here).indexOf(cellAt(document.activeElement)) : -1;
  focus(cellsOf(next)[column] ?? next);
  return true;
}

function sideways(row, by) {
  const stops = [row, ...cellsOf(row)];
  const at = stops.indexOf(cellAt(document.activeElement) ?? row) + by;
  focus(stops[Math.max(0, Math.min(at, stops.length - 1))]);
  return true;
}

/** Tick a row, or with Shift all from the one ticked last. */
function tick(row, range) {
  const box = row.querySelector("[data-pick]");
  if (!box) return false;
  const all = rows();
  const from = range && lastTicked ? all.findIndex((one) => one.dataset.pk === lastTicked) : -1;
  const to = all.indexOf(row);
  const wanted = from < 0 ? !box.checked : true;
  const span = from < 0 ? [row] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of span) {
    const tickable = one.querySelector("[data-pick]");
    if (tickable) tickable.checked = wanted;
  }
  lastTicked = row.dataset.pk;
  row.dispatchEvent(new CustomEvent("rows:ticked", { bubbles: true }));
  return true;
}

function edit(cell) {
  if (!cell) return false;
  cell.dispatchEvent(new CustomEvent("rows:edit", { bubbles: true }));
  return true;
}

function open(row) {
  row.querySelector("[data-open]")?.click();
  return true;
}

// Each says whether the key meant something.
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: (row, event) => row !== null && tick(row, event.shiftKey),
  e: (row) => row !== null && edit(cellAt(document.activeElement) ?? cellsOf(row)[0]),
};
const ON_A_ROW = {
  Enter: (row) => edit(cellAt(document.activeElement)) || open(row),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  ArrowRight: (row) => sideways(row, 1),
  ArrowLeft: (row) => sideways(row, -1),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !tables().length) return;
  if (document.querySelector("dialog[open]") || !resting(event)) return;
  const active = document.activeElement;
  const row = rowAt(active);
  // On a link or a button inside the row these keys are the browser's.
  const act = KEYS[event.key.toLowerCase()] ?? (row === active || cellAt(active) ? ON_A_ROW[event.key] : undefined);
  if (act?.(row, event)) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = rowAt(event.target);
  if (row) place = rows().indexOf(row);
});

document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest?.("[data-edits]");
  if (cell && !event.target.closest("a, button, input, select, textarea")) edit(cell);
});

// A click with Shift on a box ticks the rows between, too.
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-pick]");
  if (!box) return;
  const row = rowAt(box);
  if (event.shiftKey && lastTicked) {
    box.checked = !box.checked; // the range sets it
    tick(row, true);
  } else {
    lastTicked = row.dataset.pk;
    row.dispatchEvent(new CustomEvent("rows:ticked", { bubbles: true }));
  }
});
