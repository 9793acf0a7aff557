// The review by keyboard. Which card is next is the server's business; j, k, n, a, e and ? are pressed by keys.js. Here: Enter
// and space also from the bare page, Escape out of the note, and the records of one rule after the other.
const main = () => document.querySelector("#review [data-review-main]");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && event.target.matches?.("[data-review-note]")) {
    event.preventDefault();
    main()?.focus({ preventScroll: true });
  }
  const bare = event.target === document.body || event.target.id === "main";
  if (bare && (event.key === "Enter" || event.key === " ") && main()) {
    event.preventDefault();
    main().click();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-review-records]")) return;
  const rules = [...document.querySelectorAll("#review .c-outcome > details")];
  const next = rules.find((rule) => !rule.open);
  if (next) next.open = true;
  else for (const rule of rules) rule.open = false;
  (next ?? rules[0])?.scrollIntoView({ block: "nearest" });
});

// The person that was selected stays in sight in a long list.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "review") document.querySelector("#review .c-review__people [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
});
