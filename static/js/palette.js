// Search and commands: arrows choose, Enter opens, the field keeps the focus (a combobox with a list box). What was opened from
// here lately comes first; it is kept in this browser for the person alone, and goes when he signs out.
import { close } from "./dialogs.js";

const SHOWN = 5;
const KEPT = 12;
const PREFIX = "recent:";

const palette = document.getElementById("palette");
const field = document.getElementById("palette-query");
const list = document.getElementById("palette-list");
const hits = document.getElementById("palette-hits");
const commands = document.getElementById("palette-commands");
const recent = document.getElementById("palette-recent");
let moved = false; // the person chose another answer than the first: what comes later must not take it away

const typed = () => field.value.trim().toLocaleLowerCase();
const options = () => [...palette.querySelectorAll("[role='option']")].filter((option) => !option.closest("[hidden]"));
const chosen = () => palette.querySelector("[aria-selected='true']");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** Choose the first answer, unless the person has moved on already; with none the list is a message, and is read out as one. */
function settle() {
  const all = options();
  list.setAttribute("role", all.length ? "listbox" : "status");
  field.setAttribute("aria-expanded", String(all.length > 0));
  choose(moved && all.includes(chosen()) ? chosen() : all[0]);
}

function step(by) {
  const all = options();
  if (!all.length) return;
  const now = all.indexOf(chosen());
  moved = true;
  choose(all[(now + by + all.length) % all.length]);
}

// --- what was opened lately ---

const place = () => PREFIX + palette.dataset.user;

function lately() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? "[]");
  } catch {
    return [];
  }
}

/** Nothing of anybody stays behind once nobody is signed in. */
export function forget() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

function remember(option) {
  const title = option.querySelector("b")?.textContent.trim();
  const href = option.getAttribute("href");
  if (!href || !title) return;
  const one = { href, title, sub: option.querySelector("small")?.textContent ?? "", dialog: option.hasAttribute("hx-get"), icon: iconOf(option) };
  const rest = lately().filter((other) => other.href !== href);
  localStorage.setItem(place(), JSON.stringify([one, ...rest].slice(0, KEPT)));
}

const iconOf = (option) => option.querySelector("use")?.getAttribute("href") ?? "";

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** One of the entries, drawn from plain words. */
function drawn({ href, title, sub, dialog, icon }, number) {
  const item = element("a", "c-palette__item");
  Object.assign(item, { id: `recent-${number}`, href, tabIndex: -1 });
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  if (dialog) {
    item.setAttribute("hx-get", href);
    item.setAttribute("hx-target", "#dialog");
  }
  const tile = element("span", "c-tile");
  if (icon) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "c-icon");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    svg.firstChild.setAttribute("href", icon);
    tile.append(svg);
  } else {
    tile.textContent = title.slice(0, 1);
  }
  const words = element("span", "");
  words.append(element("b", "", title));
  if (sub) words.append(element("small", "", sub));
  item.append(tile, words);
  return item;
}

function drawRecent() {
  const entries = typed() ? [] : lately().slice(0, SHOWN);
  recent.replaceChildren(recent.firstElementChild, ...entries.map(drawn));
  recent.hidden = entries.length === 0;
  window.htmx?.process(recent);
}

// --- commands ---

/** How well a command fits: every word typed begins one of its words; the closer to its beginning, the better. */
function score(words, asked) {
  if (!asked.length) return 1;
  if (!asked.every((one) => words.some((word) => word.startsWith(one)))) return 0;
  return words.join(" ").startsWith(asked.join(" ")) ? 3 : words[0].startsWith(asked[0]) ? 2 : 1;
}

/** Commands are known here already: show those that fit, the best first and those used lately before others as good. */
function filterCommands() {
  const asked = typed().split(/\s+/).filter(Boolean);
  const used = new Map(lately().map(({ href }, number) => [href, KEPT - number]));
  const ranked = [...commands.querySelectorAll("[data-command]")].map((command, number) => {
    command.dataset.order ??= String(number);
    const words = command.querySelector("b").textContent.trim().toLocaleLowerCase().split(/[\s:]+/);
    const fits = asked.length || !("whenTyped" in command.dataset) ? score(words, asked) : 0;
    return { command, fits, used: asked.length ? used.get(command.getAttribute("href")) ?? 0 : 0 };
  });
  for (const { command, fits } of ranked) command.hidden = fits === 0;
  ranked.sort((a, b) => b.fits - a.fits || b.used - a.used || a.command.dataset.order - b.command.dataset.order);
  commands.append(...ranked.map(({ command }) => command));
  const best = ranked[0]?.fits ?? 0;
  commands.hidden = best === 0;
  // A command that begins like this is meant; else records come first.
  if (asked.length && best === 3) hits.before(commands);
  else hits.after(commands);
}

function ask() {
  moved = false;
  if (!typed()) hits.replaceChildren();
  drawRecent();
  filterCommands();
  settle();
}

/** Begin anew: nothing typed, the first answer chosen. */
function reset() {
  field.value = "";
  ask();
}

/** Whoever opens it again at once finds it empty: the browser tells of closing and opening only a moment later. */
function leave() {
  close(palette);
  reset();
}

if (palette) {
  field.addEventListener("input", ask);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      if (!chosen()) return;
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      leave();
    }
  });
  // Nothing typed: no question to the server.
  field.addEventListener("htmx:beforeRequest", (event) => {
    if (!field.value.trim()) event.preventDefault();
  });
  hits.addEventListener("htmx:afterSwap", settle);
  palette.addEventListener("click", (event) => {
    const option = event.target.closest("[role='option']");
    if (!option) return;
    remember(option);
    if (!option.hasAttribute("hx-get")) leave();
  });
  palette.addEventListener("toggle", () => {
    // The browser tells a moment later: what was typed since it opened stays.
    if (!palette.open || !field.value) reset();
    if (palette.open) field.focus();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith(document.getElementById("palette-leave").getAttribute("action"))) forget();
  });
} else {
  forget();
}
