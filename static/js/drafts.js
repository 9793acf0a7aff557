// What somebody is writing outlives the page: an expired session, a reload, a closed lid. Kept in this tab alone, for this person,
// until it is saved or put aside; it comes back on the page where it was written.
import { toast } from "./toasts.js";
import { say } from "./words.js";

const owner = document.body.dataset.owner ?? "";
const STORED = `draft:${owner}`;
const KEPT_MS = 12 * 3600 * 1000;
const WRITTEN = "textarea, input[type='text'], input:not([type])";
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "opened", "overridden"]);
const dialog = document.getElementById("dialog");

const page = () => location.pathname + location.search;
const actionOf = (form) => form?.getAttribute?.("hx-post") ?? "";
const keeps = (form) => Boolean(owner && actionOf(form) && form.querySelector("textarea"));

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    return kept.filter((draft) => Date.now() - draft.at < KEPT_MS);
  } catch {
    return [];
  }
}

function write(drafts) {
  try {
    if (drafts.length) sessionStorage.setItem(STORED, JSON.stringify(drafts));
    else sessionStorage.removeItem(STORED);
  } catch {
    // Storage is full or forbidden: the page itself still has what was written.
  }
}

const others = (action) => read().filter((draft) => draft.page !== page() || draft.action !== action);
const forget = (form) => write(others(actionOf(form)));

function keep(form) {
  const written = [...form.querySelectorAll(WRITTEN)].some((field) => field.value.trim());
  if (!written) return forget(form);
  const values = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
  const texts = Object.fromEntries([...form.querySelectorAll("select")].map((select) => [select.name, select.selectedOptions[0]?.textContent ?? ""]));
  const draft = { page: page(), action: actionOf(form), asked: Boolean(form.closest("dialog")), values, texts, at: Date.now() };
  return write([...others(draft.action), draft]);
}

// --- back again ---

function choose(select, chosen, text) {
  for (const value of chosen) if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(text || value, value));
  for (const option of select.options) option.selected = chosen.includes(option.value);
  const picker = select.tomselect;
  if (!picker) return;
  for (const value of chosen) picker.addOption({ value, text: text || value });
  picker.setValue(select.multiple ? chosen : (chosen[0] ?? ""), true);
}

function fill(form, draft) {
  const said = (name) => draft.values.filter(([key]) => key === name).map(([, value]) => value);
  for (const field of form.elements) {
    if (!field.name || NOT_KEPT.has(field.name) || field.type === "file") continue;
    if (field.matches("input[type='radio'], input[type='checkbox']")) field.checked = said(field.name).includes(field.value);
    else if (field.matches("select")) choose(field, said(field.name), draft.texts[field.name]);
    else if (field.matches("input, textarea") && said(field.name).length) [field.value] = said(field.name);
  }
}

async function bringBack() {
  const mine = read().filter((draft) => draft.page === page());
  const asked = mine.find((draft) => draft.asked);
  if (asked && !dialog?.open) await window.htmx.ajax("GET", asked.action, { target: "#dialog" });
  let found = 0;
  for (const draft of mine) {
    const form = [...document.forms].find((one) => actionOf(one) === draft.action && Boolean(one.closest("dialog")) === draft.asked);
    if (!form) continue;
    fill(form, draft);
    found += 1;
  }
  if (found) toast({ message: say("draft") });
}

// --- from writing to saving ---

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.form ?? event.target.closest?.("form");
    if (keeps(form)) keep(form);
  });
}

document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr } = event.detail; // the event itself may stand elsewhere: its form has been replaced by then
  if (requestConfig?.elt instanceof HTMLFormElement && keeps(requestConfig.elt) && xhr.status < 300) forget(requestConfig.elt);
});
// Put aside by hand, or saved: either way it is not asked for again. A page that goes away closes no dialog.
dialog?.addEventListener("close", () => write(read().filter((draft) => draft.page !== page() || !draft.asked)));

addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.origin).pathname === "/sign-out/") sessionStorage.clear();
});

if (owner && read().length) bringBack().catch(() => undefined);
