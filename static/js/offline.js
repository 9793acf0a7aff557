// Without a network: pages as they were last seen, and entries that wait on the device until they can be sent.
import { close } from "./dialogs.js";
import { toast } from "./toasts.js";
import { entriesOf, put, remove } from "./waiting.js";
import { say } from "./words.js";

const owner = document.body.dataset.owner ?? "";
const bar = document.getElementById("offline");
const SENT_TO = "/log/offline/";
const FORMS = { "/log/": "log", "/activities/log/": "composer" };
const TRY_AGAIN_MS = 30000;

// --- the worker ---

async function start() {
  if (!("serviceWorker" in navigator) || !owner) return;
  await navigator.serviceWorker.register("/sw.js");
  if (navigator.serviceWorker.controller) return;
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name);
  const ours = files.filter((name) => name.startsWith(location.origin) && new URL(name).pathname.startsWith("/static/"));
  active?.postMessage({ type: "keep", path: location.pathname, files: ours });
}

// --- what is entered ---

const kindOf = (form) => (form instanceof HTMLFormElement ? FORMS[new URL(form.action, location.origin).pathname] : undefined);

/** A form that was kept, or whose entry waits already, makes another record with another key. */
function renewKey(form) {
  const field = form?.elements?.key;
  if (field) field.value = crypto.randomUUID();
}

const isPending = (event) => event.detail.requestConfig?.verb === "post" && kindOf(event.detail.elt);

async function wait(form) {
  const values = new URLSearchParams(new FormData(form));
  values.set("form", kindOf(form));
  const said = [form.querySelector("select[name='who'] option:checked")?.textContent ?? document.querySelector("h1")?.textContent, values.get("note")];
  const entry = { key: values.get("key"), owner, typedAt: Date.now(), body: values.toString(), said: said.filter(Boolean).join(": ").slice(0, 120), problem: "" };
  await put(entry);
  renewKey(form);
  const dialog = form.closest("dialog");
  if (dialog) close(dialog);
  else form.reset();
  toast({ message: say("kept"), kind: "watch" });
  await show();
}

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    if (!owner || !isPending(event)) return;
    event.stopImmediatePropagation();
    wait(event.detail.elt).catch(() => toast({ message: say("offline"), kind: "bad" }));
  }, true);
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.xhr?.getResponseHeader("X-Daybook-Kept")) for (const form of event.detail.target.querySelectorAll("form")) renewKey(form);
});
if (document.body.dataset.kept) for (const form of document.forms) renewKey(form);

// --- sending ---

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

/** Send one entry. Gives "sent", "refused" (it needs the person), or "later". */
async function send(entry) {
  const body = new URLSearchParams(entry.body);
  body.set("typed_at", new Date(entry.typedAt).toISOString());
  body.set("sent_at", new Date().toISOString());
  let answer;
  try {
    answer = await fetch(SENT_TO, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" }, redirect: "manual" });
  } catch {
    return "later";
  }
  if (answer.ok) {
    await remove(entry.key);
    return "sent";
  }
  if (answer.status !== 422 && answer.status !== 404) return "later";
  const told = answer.status === 422 ? (await answer.json()).message : say("gone");
  await put({ ...entry, problem: told });
  return "refused";
}

let sending = null;

/** Send what waits, one after the other; asked twice at a time it is done once. */
export function flush() {
  const once = async (entries) => {
    const results = [];
    for (const entry of entries.filter((one) => !one.problem)) {
      results.push(await send(entry));
      if (results.at(-1) === "later") break;
    }
    return results;
  };
  const locked = async () => {
    const results = await once(await entriesOf(owner));
    const sent = results.filter((result) => result === "sent").length;
    if (sent) {
      toast({ message: say("sent", { n: sent }) });
      for (const name of ["activities-changed", "tasks-changed", "deals-changed", "day-changed"]) document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));
    }
    await show();
  };
  // Two windows of one browser share what waits: the lock lets one of them send.
  const alone = () => (navigator.locks ? navigator.locks.request("daybook-waiting", locked) : locked());
  sending ??= alone().finally(() => { sending = null; });
  return sending;
}

// --- what is shown ---

async function show() {
  if (!bar) return;
  const entries = owner ? await entriesOf(owner) : [];
  const kept = document.body.dataset.kept;
  bar.hidden = navigator.onLine && !kept && !entries.length;
  const time = kept ? new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(kept)) : "";
  bar.querySelector("[data-part='state']").textContent = kept ? say("as_of", { time }) : navigator.onLine ? "" : say("no_network");
  const list = bar.querySelector("ul");
  list.replaceChildren(...entries.map(drawn));
  bar.querySelector("[data-part='count']").textContent = entries.length ? say("waiting", { n: entries.length }) : "";
  bar.querySelector("[data-act='send']").hidden = !entries.some((entry) => !entry.problem);
}

function drawn(entry) {
  const item = bar.querySelector("template").content.firstElementChild.cloneNode(true);
  item.querySelector("span").textContent = entry.said;
  item.querySelector("small").textContent = entry.problem;
  item.dataset.key = entry.key;
  item.querySelector("[data-act='mend']").hidden = !entry.problem;
  return item;
}

bar?.addEventListener("click", async (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  const key = event.target.closest("li")?.dataset.key;
  if (act === "send") await flush();
  if (act === "mend") await mend(key);
  if (act === "drop") {
    await remove(key);
    await show();
  }
});

/** Open the form with what was typed: the server says in it what is to be mended. */
async function mend(key) {
  const entry = (await entriesOf(owner)).find((one) => one.key === key);
  if (entry) window.htmx.ajax("POST", "/log/", { target: "#dialog", values: Object.fromEntries(new URLSearchParams(entry.body)) });
}

// What was mended in the form is not sent again.
document.addEventListener("htmx:afterRequest", async (event) => {
  const form = event.detail.elt;
  if (event.detail.successful && kindOf(form) && form.elements.key) {
    await remove(form.elements.key.value);
    await show();
  }
});

// Signing out wipes this device: what still waits is sent first, or the person decides. On the window, before the form counts as sent.
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!owner || new URL(form.action, location.origin).pathname !== "/sign-out/" || form.dataset.asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await flush().catch(() => undefined);
  const left = await entriesOf(owner).catch(() => []);
  form.dataset.asked = "yes";
  const leaving = document.getElementById("leaving");
  if (!left.length || !leaving) return form.requestSubmit();
  leaving.querySelector("[data-part='count']").textContent = say("waiting", { n: left.length });
  leaving.querySelector("[data-act='leave']").onclick = () => form.requestSubmit();
  leaving.onclose = () => { delete form.dataset.asked; };
  leaving.showModal();
}, true);

if (owner) {
  start().catch(() => undefined);
  show().then(() => navigator.onLine && flush()).catch(() => undefined);
  addEventListener("online", () => flush());
  addEventListener("offline", () => show());
  setInterval(async () => { if (!sending && navigator.onLine && (await entriesOf(owner)).some((entry) => !entry.problem)) flush(); }, TRY_AGAIN_MS);
}
