// "@" in a note offers the colleagues who may see the client: arrows choose, Enter or Tab takes, Escape closes. The names come
// from the address in data-mentions; whom the note is about says data-of, or the field "who" of the form.
import { announce, say } from "./words.js";

const FIELD = "textarea[data-mentions]";
const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}'’-]*(?: [\p{L}\p{N}'’-]*)?)$/u;
const WAIT_MS = 120;
let list = null; // the open list
let field = null; // the note that it belongs to
let timer = 0;
let asked = "";

const typed = (area) => BEGUN.exec(area.value.slice(0, area.selectionStart))?.[1];
const subject = (area) => area.dataset.of || area.form?.elements.who?.value || "";
const options = () => [...(list?.children ?? [])];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function close() {
  list?.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  list = field = null;
}

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
}

function row(person, index) {
  const option = document.createElement("li");
  option.id = `mention-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.name = person.name;
  const name = document.createElement("b");
  name.textContent = person.name;
  const role = document.createElement("small");
  role.textContent = person.role;
  option.append(name, role);
  return option;
}

/** Under the note, or above it where there is no room below. */
function place() {
  const box = field.getBoundingClientRect();
  const below = innerHeight - box.bottom > list.offsetHeight + 12;
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - list.offsetHeight - 4)}px`;
}

function offer(area, people) {
  close();
  if (!people.length) return;
  field = area;
  list = document.createElement("ul");
  list.id = "mention-list";
  list.className = "c-mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("mention"));
  list.append(...people.map(row));
  (area.form ?? document.body).append(list);
  if (list.showPopover) {
    list.popover = "manual";
    list.showPopover();
  }
  area.setAttribute("aria-controls", list.id);
  place();
  mark(options()[0]);
  announce(`${say("mention")}: ${people.map((one) => one.name).join(", ")}`);
}

async function ask(area) {
  const query = typed(area);
  const of = subject(area);
  if (query === undefined || !of) return close();
  asked = `${of} ${query}`;
  const mine = asked;
  const url = `${area.dataset.mentions}?of=${encodeURIComponent(of)}&q=${encodeURIComponent(query)}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (mine !== asked || document.activeElement !== area) return;
  offer(area, answer?.ok && !answer.redirected ? await answer.json() : []);
}

function take(option) {
  const end = field.selectionStart;
  const begin = end - typed(field).length;
  field.setRangeText(`${option.dataset.name} `, begin, end, "end");
  const area = field;
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.(FIELD)) return;
  clearTimeout(timer);
  asked = "";
  if (typed(area) === undefined) close();
  else timer = setTimeout(() => ask(area), WAIT_MS);
});

// Before everybody else who listens: while the list is open, Enter takes a name and does not save.
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field || event.isComposing) return;
  const all = options();
  const at = all.indexOf(chosen());
  if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % all.length));
  else if (event.key === "Enter" || event.key === "Tab") take(all[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".c-mentions > li");
  if (option) {
    event.preventDefault();
    take(option);
  } else if (list && event.target !== field) close();
});
document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
addEventListener("resize", close);
addEventListener("scroll", (event) => { if (list && event.target !== list) close(); }, true);
