// Duplicates by keyboard. j, k and x are pressed by keys.js as hidden buttons; here is what they mean: which pair is next, which
// field is next. Left and right choose between two values by themselves, they are radio buttons; up and down go on to the next field.
const rows = (kind) => [...document.querySelectorAll(`[data-${kind}]`)];
const place = (listed) => listed.findIndex((row) => row.contains(document.activeElement));
const ways = { pair: "[data-pair-open]", line: "input:checked" };

/** Put the focus into the row at `index`, or the nearest there is. */
function enter(kind, index) {
  const listed = rows(kind);
  const row = listed[Math.max(0, Math.min(index, listed.length - 1))];
  const target = row?.querySelector(ways[kind]);
  target?.focus({ focusVisible: true });
  row?.scrollIntoView({ block: "nearest" });
  return Boolean(target);
}

function step(kind, by) {
  const at = place(rows(kind));
  enter(kind, at < 0 ? 0 : at + by);
}

/** "Not the same" for the pair that has the focus, else for the first. */
function part() {
  const listed = rows("pair");
  (listed[place(listed)] ?? listed[0])?.querySelector("[data-pair-part-this]")?.click();
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-pair-step], [data-line-step], [data-pair-part]");
  if (!pressed) return;
  if ("pairPart" in pressed.dataset) part();
  else if (pressed.dataset.pairStep) step("pair", Number(pressed.dataset.pairStep));
  else step("line", Number(pressed.dataset.lineStep));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-line] input") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  step("line", event.key === "ArrowDown" ? 1 : -1);
});

// The list is read again once a pair is decided: the focus stays at its place, which the next pair has now.
let was = -1;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "duplicates") was = place(rows("pair"));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "duplicates" || was < 0) return;
  if (!enter("pair", was)) document.getElementById("main")?.focus({ preventScroll: true });
  was = -1;
});
