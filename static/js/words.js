// Words in the reader's language, written into the page by the server.
const source = document.getElementById("words");
const words = source ? JSON.parse(source.textContent) : {};

/** The text under `key`, with %(name)s replaced from `values`. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

/** Tell people who listen to the page, without showing anything. */
export function announce(text) {
  const box = document.getElementById("announcer");
  if (box) box.textContent = text;
}
