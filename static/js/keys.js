// Keys. Anything with data-key="l" is pressed by that key while nobody is typing; an open dialog hides what lies behind it.
// Digits also work with Alt while typing, so that the result of a call needs no mouse.
const STORED = "single-keys";
const TYPING = "input:not([type='radio'], [type='checkbox'], [type='button'], [type='submit']), textarea, select, [contenteditable='true']";
const toggle = document.getElementById("single-keys");

const singleKeysOn = () => localStorage.getItem(STORED) !== "off";

if (toggle) {
  toggle.checked = singleKeysOn();
  toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
}

/** Whether somebody types into a field. One in a dialog that was just closed keeps the focus until the browser draws again. */
function typing(target) {
  const field = target.closest?.(TYPING);
  return Boolean(field) && field.checkVisibility?.() !== false;
}

/** Whether single keys mean something now: nobody is typing, and they are not switched off. */
export const resting = (event) => !event.isComposing && !typing(event.target) && singleKeysOn();

/** The name of what was pressed: "mod+k", "l", "?", or "" when it is not ours. */
function nameOf(event) {
  if (event.isComposing || event.defaultPrevented) return "";
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return `mod+${event.key.toLowerCase()}`;
  if (event.ctrlKey || event.metaKey) return "";
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (event.altKey) return digit ? digit[1] : "";
  if (!resting(event)) return "";
  return event.key.toLowerCase();
}

// What lies in a closed menu can be pressed by its key all the same: the key is printed beside it.
const inMenu = (element) => element.closest("[popover]:not(:popover-open)") !== null;
const seen = (element) => element.hidden || inMenu(element) || element.checkVisibility?.({ visibilityProperty: true }) !== false;

/** The element for a key: in the open dialog if there is one, else in the page's own content before the frame. */
function find(name) {
  const dialogs = document.querySelectorAll("dialog[open]");
  const top = dialogs[dialogs.length - 1];
  const scopes = top ? [top] : [document.getElementById("main"), document];
  for (const scope of scopes) {
    const found = [...(scope?.querySelectorAll(`[data-key="${CSS.escape(name)}"]`) ?? [])].find(seen);
    if (found) return found;
  }
  return null;
}

function press(element) {
  if (element.matches("input[type='radio'], input[type='checkbox']")) {
    element.click();
    if (!document.activeElement?.closest(TYPING)) element.focus();
  } else if (element.matches(TYPING)) {
    element.focus();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const target = name && find(name);
  if (!target) return;
  event.preventDefault();
  press(target);
});
