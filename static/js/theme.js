// Light, dark, or like the device. The cookie is for the server, which writes data-theme before the first paint.
const YEAR_S = 365 * 24 * 3600;
const root = document.documentElement;

const stored = () => /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? "";

function apply(choice) {
  if (choice) root.dataset.theme = choice;
  else delete root.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.toggleAttribute("aria-current", button.dataset.themeChoice === choice);
    if (button.dataset.themeChoice === choice) button.setAttribute("aria-current", "true");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  const choice = button.dataset.themeChoice;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${choice}; Path=/; Max-Age=${choice ? YEAR_S : 0}; SameSite=Lax${secure}`;
  apply(choice);
});

// A page that the browser kept while another one changed the theme.
addEventListener("pageshow", (event) => {
  if (event.persisted) apply(stored());
});
