// The clock to the cut-off. The server's clock counts, not the machine's: data-now tells how far the two are apart.
const TICK_MS = 10000;
const offsets = new WeakMap();

function offsetOf(clock) {
  if (!offsets.has(clock)) offsets.set(clock, Date.parse(clock.dataset.now) - Date.now());
  return offsets.get(clock);
}

function draw(clock) {
  const left = Math.floor((Date.parse(clock.dataset.countdown) - Date.now() - offsetOf(clock)) / 60000);
  clock.classList.toggle("is-now", left >= 0 && left < 15);
  clock.classList.toggle("is-soon", left >= 15 && left < 60);
  const pattern = left < 0 ? clock.dataset.done : left < 60 ? clock.dataset.minutes : clock.dataset.hours;
  const text = pattern.replace("{h}", Math.floor(left / 60)).replace("{m}", left < 60 ? left : left % 60);
  const place = clock.querySelector("[data-countdown-text]");
  if (place.textContent !== text) place.textContent = text;
}

function drawAll() {
  for (const clock of document.querySelectorAll("[data-countdown]")) draw(clock);
}

drawAll();
setInterval(drawAll, TICK_MS);
document.addEventListener("visibilitychange", drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
