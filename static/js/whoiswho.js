// Who is who by keyboard. keys.js presses hidden buttons for 1 to 9, n, x, a, u, j and k; here is what they mean: the button of the row
// that has the focus, else of the first. Once a row is decided the list comes again, and the focus goes to the row at its place.
const cards = () => [...document.querySelectorAll("[data-question]")];
const place = () => cards().findIndex((card) => card.contains(document.activeElement));

/** Put the focus on the first verb of the card at `index`, or of the nearest there is. */
function enter(index) {
  const listed = cards();
  const card = listed[Math.max(0, Math.min(index, listed.length - 1))];
  const verb = card?.querySelector("[data-who]");
  verb?.focus({ focusVisible: true, preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
  return Boolean(verb);
}

function press(name) {
  const listed = cards();
  const within = name === "u" ? document.getElementById("who-is-who") : listed[Math.max(0, place())];
  within?.querySelector(`[data-who="${CSS.escape(name)}"]`)?.click();
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-who-press], [data-who-step]");
  if (!pressed) return;
  if (pressed.dataset.whoPress) press(pressed.dataset.whoPress);
  else enter(place() < 0 ? 0 : place() + Number(pressed.dataset.whoStep));
});

let was = -1;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest?.("#who-is-who")) was = Math.max(0, cards().findIndex((card) => card.contains(event.target)));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "who-is-who" || was < 0) return;
  if (!enter(was)) event.target.querySelector("a[href]")?.focus({ focusVisible: true });
  was = -1;
});
