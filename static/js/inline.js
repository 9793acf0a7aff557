// Facts changed where they stand. A click on the value or its pencil brings the editor; Enter saves (with Ctrl in a note),
// Escape puts the value back, Tab out of the editor saves and goes on to the next fact. The focus stays where the fact is.
const EDITOR = "form[data-inline-editor]";
const FIELDS = ":is(input:not([type='hidden']), select, textarea)";
let last = ""; // the id of the fact that was opened or saved last
let onward = null; // the way to the fact that Tab asked for: { id, step }

const openers = () => [...document.querySelectorAll("[data-inline]")].filter((button) => button.checkVisibility?.() !== false);
const factOf = (element) => element.closest(".c-inline");

function enter(editor) {
  const field = editor.querySelector("[aria-invalid='true']") ?? editor.querySelector(`.c-field ${FIELDS}`);
  if (field?.tomselect) field.tomselect.focus();
  else field?.focus();
  if (field?.matches("input:not([type='date'])")) field.select();
}

/** The fact that Tab leads to, seen from the fact with this id, before that one is swapped away. */
function neighbour(editor, step) {
  const before = openers().filter((button) => editor.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_PRECEDING);
  const behind = openers().filter((button) => editor.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
  return factOf(step > 0 ? behind[0] ?? editor : before.at(-1) ?? editor)?.id ?? "";
}

function leave(editor, event) {
  const inputs = [...editor.querySelectorAll(`.c-field ${FIELDS}`)].filter((one) => one.checkVisibility?.() !== false);
  const edge = event.shiftKey ? inputs[0] : inputs.at(-1);
  if (event.target !== edge && !event.target.closest(".ts-wrapper")) return;
  event.preventDefault();
  onward = neighbour(editor, event.shiftKey ? -1 : 1);
  editor.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const editor = event.target.closest?.(EDITOR);
  if (!editor || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    editor.querySelector("[data-inline-cancel]").click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    editor.requestSubmit();
  } else if (event.key === "Tab" && event.target.matches(FIELDS)) {
    leave(editor, event);
  }
});

// The value itself opens its editor too, unless it is a link or somebody marks it to copy it.
document.addEventListener("click", (event) => {
  const shown = event.target.closest?.(".c-inline__shown");
  if (!shown || event.target.closest("a") || String(getSelection())) return;
  factOf(shown).querySelector("[data-inline]")?.click();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const fact = event.target.closest?.(".c-inline");
  if (fact) last = fact.id;
});

/** After a swap: into the editor, on to the next fact, or back to the pencil of the one that was saved. */
function settle() {
  const fact = last && document.getElementById(last);
  if (!fact) return;
  if (fact.matches(EDITOR)) {
    onward = null;
    if (!fact.contains(document.activeElement)) enter(fact);
    return;
  }
  const next = onward && onward !== last ? document.getElementById(onward) : null;
  onward = null;
  if (next) next.querySelector("[data-inline]")?.click();
  else if (!document.activeElement || document.activeElement === document.body) fact.querySelector("[data-inline]")?.focus();
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id === last || event.detail.target?.id === last || document.activeElement === document.body) settle();
});

// What comes from elsewhere leaves alone the part of the page in which somebody is writing.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const target = event.detail.target;
  const own = target.matches(".c-inline");
  if (!own && target.querySelector(`${EDITOR}, .c-inline .htmx-request`)) event.detail.shouldSwap = false;
});

// "Add the country" leads into the editor of that fact, wherever it is folded away; "call" leads into the composer.
document.addEventListener("click", (event) => {
  const go = event.target.closest?.("[data-inline-go]");
  if (go) {
    const fact = document.getElementById(go.dataset.inlineGo);
    const fold = fact?.closest("details");
    if (fold) fold.open = true;
    fact?.scrollIntoView({ block: "center" });
    fact?.querySelector("[data-inline]")?.click();
  }
  const focus = event.target.closest?.("[data-focus]");
  if (focus) document.getElementById(focus.dataset.focus)?.focus();
});
