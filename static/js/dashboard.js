// The reports on somebody's board: dragged into another order (SortableJS) or moved with the arrow keys on their grip. One that
// does not come says so in its own place.
const board = document.getElementById("pins");
const all = () => [...board.querySelectorAll("[data-pin]")];
const titleOf = (pin) => pin.querySelector("h2").textContent.trim();

function say(pin) {
  const values = { title: titleOf(pin), place: all().indexOf(pin) + 1, all: all().length };
  document.getElementById("board-said").textContent = board.dataset.said.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** Tell the server in which order they stand. */
async function keep() {
  const values = { pins: all().map((pin) => pin.dataset.pin).join(",") };
  await window.htmx.ajax("POST", board.dataset.url, { source: board, swap: "none", values });
}

function move(pin, by) {
  const other = by < 0 ? pin.previousElementSibling : pin.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(pin);
  else other.after(pin);
  pin.querySelector("[data-grip]").focus();
  pin.scrollIntoView({ block: "nearest" });
  say(pin);
  keep();
}

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  const by = event.ctrlKey || event.metaKey || event.altKey ? 0 : STEPS[event.key];
  if (!grip || !by) return;
  event.preventDefault();
  move(grip.closest("[data-pin]"), by);
});

const begin = () => window.Sortable?.create(board, { handle: "[data-grip]", draggable: "[data-pin]", animation: 120, onEnd: ({ item, oldIndex, newIndex }) => {
  if (oldIndex === newIndex) return;
  say(item);
  keep();
} });
if (window.Sortable) begin();
else addEventListener("DOMContentLoaded", begin);

// --- one that did not come ---

function fail(event) {
  const body = event.target.closest?.("[data-pin-body]");
  if (!body) return;
  event.stopPropagation(); // it is said here, and not once more for the page
  body.replaceChildren(document.getElementById("pin-failed").content.cloneNode(true));
}

for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) board.addEventListener(trouble, fail);
document.addEventListener("click", (event) => {
  const again = event.target.closest("[data-again]");
  if (again) window.htmx.trigger(again.closest("[data-pin-body]"), "again");
});
// Taken off: the next one has the focus.
document.addEventListener("htmx:beforeSwap", (event) => {
  const pin = event.detail.target.closest?.("[data-pin]");
  if (!pin || !event.detail.requestConfig.path.endsWith("/unpin/")) return;
  const next = pin.nextElementSibling ?? pin.previousElementSibling;
  if (next) next.querySelector("[data-grip]").focus();
  else location.reload();
});
