// Lists: filters that fold, rows that are ticked, cells edited in place, columns in order, and a list that asks again once
// many of its records changed.
import { close } from "./dialogs.js";

const chosen = new Set();
let every = false;
let query = null;
let unfolded = false;

const table = () => document.querySelector("#list-results [data-rows]");
const boxes = () => [...document.querySelectorAll("#list-results [data-pick]")];

// --- filters ---

function unfold(open) {
  const button = document.querySelector("[data-unfolds]");
  if (!button) return;
  unfolded = open;
  document.getElementById(button.getAttribute("aria-controls")).classList.toggle("is-open", open);
  button.setAttribute("aria-expanded", String(open));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-unfolds]")) unfold(!unfolded);
});

// A word and own days for the same span: the one chosen last counts.
document.addEventListener("change", (event) => {
  const span = event.target.closest(".c-span");
  if (!span || !event.target.value) return;
  const word = span.querySelector("select");
  if (event.target === word) for (const end of span.querySelectorAll("input")) end.value = "";
  else if (word) word.value = "";
}, true);

// --- what is ticked ---

function draw() {
  const bar = document.getElementById("bulk-bar");
  if (!bar) return;
  const all = boxes();
  for (const box of all) {
    box.checked = every || chosen.has(box.value);
    box.closest("tr").classList.toggle("is-picked", box.checked);
  }
  const page = document.querySelector("[data-pick-page]");
  const ticked = all.filter((box) => box.checked).length;
  if (page) {
    page.checked = ticked > 0 && ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
  }
  bar.hidden = !every && chosen.size === 0;
  const count = document.getElementById("bulk-count");
  const words = count.dataset;
  count.textContent = bar.hidden ? "" : every ? words.every : chosen.size === 1 ? words.one : words.many.replace("%(n)s", chosen.size);
  bar.querySelector("[data-pick-every]").hidden = every || !hasMore();
  fill();
}

/** Whether the filter finds more than what is ticked. */
const hasMore = () => Boolean(document.querySelector("#list-results .c-pager")) || boxes().some((box) => !box.checked);

/** What the verbs of the bar send along. */
function fill() {
  const form = document.getElementById("bulk-form");
  form.elements.ids.value = every ? "" : [...chosen].join(",");
  form.elements.query.value = query ?? "";
  form.elements.every.value = every ? "1" : "";
}

function choose() {
  for (const box of boxes()) {
    if (box.checked) chosen.add(box.value);
    else chosen.delete(box.value);
  }
  every = false;
  draw();
}

function chooseNone() {
  chosen.clear();
  every = false;
  draw();
}

document.addEventListener("rows:ticked", choose);
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pick-page]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
  choose();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-pick-every]")) {
    every = true;
    draw();
  } else if (event.target.closest("[data-pick-none]")) {
    chooseNone();
  }
});

// --- what htmx brings ---

/** Another filter finds other rows: what was ticked is no longer in sight. The next page is only further down. */
function settle() {
  const asked = table()?.dataset.query ?? null;
  if (asked !== query) {
    chosen.clear();
    every = false;
  }
  query = asked;
  draw();
}

let removing = false;
document.addEventListener("htmx:beforeRequest", (event) => {
  removing = Boolean(event.target.closest?.("#list-chips"));
});

document.addEventListener("htmx:afterSettle", (event) => {
  const { id } = event.detail.elt ?? {};
  if (id !== "list" && id !== "list-results") return;
  if (id === "list") {
    unfold(unfolded);
    const form = document.getElementById("columns-form");
    if (form) close(form);
    if (removing) (document.querySelector("#list-chips a") ?? document.getElementById("list-q")).focus();
    removing = false;
  }
  settle();
});

// Many records changed: show the list as it is now, on the page where one was.
document.addEventListener("list-changed", () => {
  chooseNone();
  if (table()) window.htmx.ajax("GET", location.href, { target: "#list-results", swap: "outerHTML" });
});

// --- cells edited in place ---

document.addEventListener("rows:edit", (event) => {
  const cell = event.target;
  const { noun, inlineUrl } = cell.closest("[data-rows]").dataset;
  const { pk } = cell.closest("[data-row]").dataset;
  const name = cell.dataset.edits;
  if (!inlineUrl || cell.querySelector("form")) return;
  const id = `value-${noun}-${pk}-${name}`;
  let value = document.getElementById(id);
  if (!value) {
    value = document.createElement("div");
    value.id = id;
    value.className = "c-inline";
    value.append(...cell.childNodes);
    cell.append(value);
  }
  const url = inlineUrl.replace("/0/", `/${pk}/`).replace("/field/", `/${encodeURIComponent(name)}/`);
  window.htmx.ajax("GET", url, { source: value, target: value, swap: "outerHTML" });
});

// Back from the editor the cell has the focus again, so that the keys go on from there.
document.addEventListener("htmx:afterSettle", (event) => {
  const cell = event.detail.elt?.closest?.("[data-rows] [data-edits]");
  if (!cell || cell.querySelector("form") || !cell.querySelector("[id^='value-']")) return;
  cell.tabIndex = -1;
  cell.focus();
});

// --- the order of columns ---

function shift(row, by) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(row);
  else other.after(row);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-column-up], [data-column-down]");
  if (!button) return;
  const row = button.closest("[data-column]");
  shift(row, button.matches("[data-column-up]") ? -1 : 1);
  row.querySelector("input").checked = true;
  button.focus();
});

// Dragging comes with the first dialog that has rows to drag.
let coming = null;

function bring() {
  coming ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/sortable.min.js", import.meta.url).href;
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  }).catch(() => { coming = null; });
  return coming;
}

document.addEventListener("htmx:afterSwap", async (event) => {
  const list = event.detail.target.querySelector?.("[data-columns]");
  if (!list) return;
  await bring();
  window.Sortable?.create(list, { handle: ".c-picks__grip", animation: 120 });
});

settle();
