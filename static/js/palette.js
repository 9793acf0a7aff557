// Search and commands: arrows choose, Enter opens, the field keeps the focus (a combobox with a list box).
import { close } from "./dialogs.js";

const palette = document.getElementById("palette");
const field = document.getElementById("palette-query");
const list = document.getElementById("palette-list");
const hits = document.getElementById("palette-hits");
const commands = document.getElementById("palette-commands");

const options = () => [...palette.querySelectorAll("[role='option']")].filter((option) => !option.hidden);

function choose(option) {
  palette.querySelector("[aria-selected='true']")?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

/** Choose the first answer; with none the list is a message, and is read out as one. */
function settle() {
  const [first] = options();
  list.setAttribute("role", first ? "listbox" : "status");
  field.setAttribute("aria-expanded", String(Boolean(first)));
  choose(first);
}

function step(by) {
  const all = options();
  if (!all.length) return;
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(all[(now + by + all.length) % all.length]);
}

/** Commands are known here already: show those whose words begin with what was typed. */
function filterCommands() {
  const typed = field.value.trim().toLowerCase();
  let shown = 0;
  for (const command of commands.querySelectorAll("[data-command]")) {
    const words = command.textContent.trim().toLowerCase();
    command.hidden = Boolean(typed) && !words.split(/\s+/).some((word) => word.startsWith(typed)) && !words.startsWith(typed);
    shown += command.hidden ? 0 : 1;
  }
  commands.hidden = shown === 0;
  if (!typed) hits.replaceChildren();
  settle();
}

if (palette) {
  field.addEventListener("input", filterCommands);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const chosen = palette.querySelector("[aria-selected='true']");
      if (!chosen) return;
      event.preventDefault();
      chosen.click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      close(palette);
    }
  });
  // Nothing typed: no question to the server.
  field.addEventListener("htmx:beforeRequest", (event) => {
    if (!field.value.trim()) event.preventDefault();
  });
  hits.addEventListener("htmx:afterSwap", settle);
  palette.addEventListener("click", (event) => {
    if (event.target.closest("a[role='option']:not([hx-get])")) close(palette);
  });
  palette.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    field.value = "";
    filterCommands();
    field.focus();
  });
}
