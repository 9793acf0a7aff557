// A thin line on top of the page once an answer takes longer than a blink.
const BLINK_MS = 300;
const line = document.getElementById("busy");
let waiting = 0;
let timer = 0;

if (line) {
  document.addEventListener("htmx:beforeSend", () => {
    waiting += 1;
    clearTimeout(timer);
    timer = setTimeout(() => line.classList.add("is-on"), BLINK_MS);
  });
  document.addEventListener("htmx:afterRequest", () => {
    waiting = Math.max(0, waiting - 1);
    if (waiting) return;
    clearTimeout(timer);
    line.classList.remove("is-on");
  });
}
