// Entries made without a network, in the browser's own store until the server has them. Each has the key of its form, so that
// sending it twice makes one record, and the moment it was typed by the device's clock.
const STORE = "waiting";
const opened = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function run(mode, work) {
  const request = indexedDB.open("daybook", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  const base = await opened(request);
  try {
    return await opened(work(base.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    base.close();
  }
}

/** All entries of one person, the oldest first. */
export async function entriesOf(owner) {
  const all = await run("readonly", (store) => store.getAll());
  return all.filter((entry) => entry.owner === owner).sort((a, b) => a.typedAt - b.typedAt);
}

export const put = (entry) => run("readwrite", (store) => store.put(entry));
export const remove = (key) => run("readwrite", (store) => store.delete(key));
