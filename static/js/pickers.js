// Fields that search while somebody types need Tom Select. Pages that have one load it themselves; for all others it comes
// with the first dialog or form that asks for it.
let coming = null;

function bring() {
  coming ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/tom-select.min.js", import.meta.url).href;
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  }).then(() => import("./select.js")).catch(() => { coming = null; });
}

// Whoever points at what opens a dialog is about to open it: the picker is there before the first key is pressed.
for (const intent of ["pointerover", "focusin"]) {
  document.addEventListener(intent, (event) => {
    if (!window.TomSelect && event.target.closest?.("[hx-target='#dialog']")) bring();
  }, { passive: true });
}

document.addEventListener("htmx:afterSwap", () => {
  if (!window.TomSelect && document.querySelector("select[data-search]")) bring();
});
