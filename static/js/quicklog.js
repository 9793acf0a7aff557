// The quick log. Once it is said who, the next thing to type is the note.
document.addEventListener("change", (event) => {
  if (event.target.id !== "log-who" || !event.target.value) return;
  if (!document.activeElement?.closest(".ts-wrapper")) return;
  setTimeout(() => document.getElementById("log-note")?.focus());
});

// A client that the line may also mean is one press away from being the one.
document.addEventListener("click", (event) => {
  const other = event.target.closest("[data-picks]");
  if (!other) return;
  const { picks, value } = other.dataset;
  const select = document.getElementById(picks);
  if (select.tomselect) select.tomselect.setValue(value);
  else { select.value = value; select.dispatchEvent(new Event("change", { bubbles: true })); }
  for (const chip of other.parentElement.querySelectorAll("[data-picks]")) chip.setAttribute("aria-pressed", String(chip === other));
  other.form?.querySelector("[data-key='mod+enter']")?.focus();
});
