// The service worker: files once and for all, a few pages as they were last seen, and nothing of anybody else.
const FILES = "files-1";
const SHELL = `shell-${DAYBOOK.version}`;
const NOTES = "notes-1"; // whose device it is at present
const PAGES = "pages-1-"; // followed by whose they are
const KEPT = [/^\/$/, /^\/companies\/\d+\/$/, /^\/contacts\/\d+\/$/, /^\/deals\/\d+\/$/, /^\/tasks\/$/, /^\/next\/$/];
const ASKED = /^\/log\/$/; // the dialog of the quick log
const MOST_PAGES = 80;
const PATIENCE_MS = 8000;
const FRESH_MS = 600000; // a dialog kept ten minutes ago will do
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add(DAYBOOK.offline)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === DAYBOOK.signOut) event.respondWith(signOut(request));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith(DAYBOOK.files)) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (request.headers.has("HX-Request") && ASKED.test(url.pathname)) event.respondWith(dialog(request, url));
});

// The page asks to be kept when it was loaded before the worker was there, and brings the files that it needed.
self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(keepAfterwards(event.data));
  if (event.data?.type === "forget") event.waitUntil(forget());
});

// --- files ---

async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    return kept ?? Promise.reject(error);
  }
}

// --- pages ---

async function page(event, url) {
  const name = url.pathname + url.search;
  const wanted = KEPT.some((pattern) => pattern.test(url.pathname)) && !url.search;
  try {
    const fresh = await inTime(fetch(event.request), wanted && (await find(name)));
    if (wanted || fresh.headers.has(DAYBOOK.owner)) event.waitUntil(keep(name, fresh.clone(), wanted));
    if (new URL(fresh.url).pathname === DAYBOOK.signIn) event.waitUntil(forget());
    return fresh;
  } catch {
    const kept = await find(name);
    return (kept && (await dated(kept))) ?? (await caches.match(DAYBOOK.offline, { cacheName: SHELL })) ?? Response.error();
  }
}

/** The page says itself from when it is. */
async function dated(response) {
  const seen = response.headers.get("X-Daybook-Seen");
  const text = (await response.text()).replace("<body ", `<body data-kept="${seen}" `);
  return new Response(text, { status: 200, headers: response.headers });
}

/** The answer, or an error after a while where something kept can be shown instead: a network that hangs is none. */
function inTime(answer, kept) {
  if (!kept) return answer;
  const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  return Promise.race([answer, late]);
}

async function keep(name, response, wanted) {
  const owner = response.headers.get(DAYBOOK.owner);
  if (!response.ok || !owner) return;
  await belongsTo(owner);
  if (!wanted) return;
  await put(owner, name, response);
  await fetchDialog(owner, name);
}

async function keepAfterwards({ path, files }) {
  const cache = await caches.open(FILES);
  await Promise.allSettled(files.map(async (one) => (await cache.match(one)) ?? cache.add(one)));
  if (!KEPT.some((pattern) => pattern.test(path))) return;
  const response = await fetch(path, { credentials: "same-origin" });
  await keep(path, response, true);
}

// --- the dialog of the quick log, as it opens over a page ---

async function dialog(request, url) {
  const over = new URL(request.headers.get("HX-Current-URL") ?? "/", location.origin).pathname;
  try {
    return await fetch(request);
  } catch {
    const kept = (await find(dialogName(over))) ?? (await find(dialogName("/")));
    return kept ? asKept(kept) : Response.error();
  }
}

const dialogName = (over) => `/log/?over=${encodeURIComponent(over)}`;

async function fetchDialog(owner, over) {
  const kept = await find(dialogName(over));
  if (kept && Date.now() - Date.parse(kept.headers.get("X-Daybook-Seen")) < FRESH_MS) return;
  const headers = { "HX-Request": "true", "HX-Target": "dialog", "HX-Current-URL": new URL(over, location.origin).href };
  const response = await fetch("/log/", { headers, credentials: "same-origin" });
  if (response.ok && !response.redirected) await put(owner, dialogName(over), response);
}

/** Says that it was kept: a form in it needs a key of its own. */
async function asKept(response) {
  const headers = new Headers(response.headers);
  headers.set("X-Daybook-Kept", "1");
  return new Response(await response.blob(), { status: 200, headers });
}

// --- whose they are ---

async function owner() {
  const note = await (await caches.open(NOTES)).match("/owner");
  return note ? note.text() : "";
}

/** Another person has signed in: nothing of the one before stays. */
async function belongsTo(name) {
  if ((await owner()) === name) return;
  await forget();
  await (await caches.open(NOTES)).put("/owner", new Response(name));
}

async function put(whose, name, response) {
  const cache = await caches.open(PAGES + whose);
  const headers = new Headers(response.headers);
  headers.set("X-Daybook-Seen", new Date().toISOString());
  headers.delete("Vary");
  await cache.delete(name);
  await cache.put(name, new Response(await response.blob(), { status: 200, headers }));
  const names = await cache.keys();
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST_PAGES)).map((old) => cache.delete(old)));
}

async function find(name) {
  const whose = await owner();
  return whose ? (await caches.open(PAGES + whose)).match(name) : undefined;
}

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGES) || name === NOTES).map((name) => caches.delete(name)));
}

async function signOut(request) {
  const response = await fetch(request);
  await forget();
  await new Promise((done) => {
    const gone = indexedDB.deleteDatabase("daybook");
    gone.onsuccess = gone.onerror = gone.onblocked = done;
  });
  return response;
}
