// One <dialog id="dialog"> for everything that is asked on the way. Whatever htmx puts into it opens it; the server closes
// it with the event "close-dialog" (or an empty answer). The browser keeps the focus inside and gives it back.
const dialog = document.getElementById("dialog");

function firstField(root) {
  return (
    root.querySelector("[aria-invalid='true']") ??
    root.querySelector("[autofocus]") ??
    root.querySelector(".c-dialog__body :is(input:not([type='hidden'], [type='radio'], [type='checkbox']), select, textarea)") ??
    root.querySelector(".c-dialog__body :is(a, button, input:not([type='hidden']))")
  );
}

/** Open the dialog with this id, focusing what the reader needs first. */
export function open(id) {
  const element = document.getElementById(id);
  if (!element || element.open) return;
  document.querySelector("[popover]:popover-open:not(#toasts)")?.hidePopover();
  element.showModal();
}

/** Close the dialog around `element`. */
export function close(element) {
  element?.closest("dialog")?.close();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener.dataset.opens);
  if (event.target.closest("[data-close]")) close(event.target);
  // A click on the backdrop lands on the dialog element itself.
  if (event.target instanceof HTMLDialogElement && outside(event, event.target)) event.target.close();
});

function outside(event, element) {
  const box = element.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return event.detail > 0 && !within;
}

/** The page was opened for its dialog alone: show it like any other, and leave with it. */
function openedByItself() {
  dialog.removeAttribute("open");
  open("dialog");
  firstField(dialog)?.focus();
  dialog.addEventListener("close", () => (history.length > 1 ? history.back() : location.assign("/")));
}

if (dialog) {
  if (dialog.hasAttribute("open")) openedByItself();
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog || !dialog.firstElementChild) return;
    for (const other of document.querySelectorAll("dialog[open]")) if (other !== dialog) other.close();
    open("dialog");
    firstField(dialog)?.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target === dialog && event.detail.xhr.status === 204) dialog.close();
  });
  document.addEventListener("close-dialog", () => dialog.close());
  // The event comes when the browser finds time: by then somebody quick has opened it again.
  dialog.addEventListener("close", () => { if (!dialog.open) dialog.replaceChildren(); });
}
