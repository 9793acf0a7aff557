// Short messages at the edge. The server sends them as the HX-Trigger event "toast": {message, kind, undo_url}.
import { say } from "./words.js";

const STAYS_MS = { good: 5000, watch: 9000, bad: 12000 };
const box = document.getElementById("toasts");
const pattern = document.getElementById("toast");

/** Above everything, also above a dialog that was opened after the last toast. */
function raise() {
  if (!box?.showPopover) return;
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}

/** Let a toast go by itself; it waits while somebody points at it or has the focus in it. */
function leaveAfter(toast, delay) {
  let timer = setTimeout(() => toast.remove(), delay);
  const wait = () => clearTimeout(timer);
  const goOn = () => { timer = setTimeout(() => toast.remove(), 2000); };
  toast.addEventListener("pointerenter", wait);
  toast.addEventListener("focusin", wait);
  toast.addEventListener("pointerleave", goOn);
  toast.addEventListener("focusout", goOn);
}

function undo(toast, url) {
  toast.remove();
  window.htmx.ajax("POST", url, { source: document.body, swap: "none" });
}

/** Show `message`; `kind` is good, watch or bad; with `undo_url` it offers to take the step back. */
export function toast({ message, kind = "good", undo_url = "" }) {
  if (!box || !message) return;
  const element = pattern.content.firstElementChild.cloneNode(true);
  element.querySelector("span").textContent = message;
  if (kind !== "good") element.classList.add(`c-toast--${kind}`);
  if (undo_url) {
    const button = element.querySelector(".c-toast__undo");
    button.hidden = false;
    button.addEventListener("click", () => undo(element, undo_url));
  }
  box.append(element);
  raise();
  leaveAfter(element, STAYS_MS[kind] ?? STAYS_MS.good);
}

box?.addEventListener("click", (event) => event.target.closest(".c-toast__close")?.parentElement.remove());
if (box?.firstElementChild) {
  raise();
  for (const waiting of box.children) leaveAfter(waiting, STAYS_MS.watch);
}

document.addEventListener("toast", (event) => toast(event.detail));

// What the server could not say itself.
document.addEventListener("htmx:sendError", () => toast({ message: say("offline"), kind: "bad" }));
document.addEventListener("htmx:timeout", () => toast({ message: say("offline"), kind: "bad" }));
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;
  const key = { 403: "forbidden", 429: "throttled" }[answer.status] ?? "failed";
  toast({ message: say(key), kind: "bad" });
});
