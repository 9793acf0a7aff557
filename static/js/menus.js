// Menus are native popovers: the browser opens, closes and stacks them. Here they get their place beside the button and
// the arrow keys.
const GAP = 6;

const buttonOf = (menu) => document.activeElement?.closest?.(`[popovertarget="${menu.id}"]`) ?? document.querySelector(`[popovertarget="${menu.id}"]`);

function place(menu) {
  const button = buttonOf(menu);
  if (!button) return;
  const anchor = button.getBoundingClientRect();
  const own = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP + own.height <= innerHeight;
  const left = anchor.left + own.width > innerWidth - 12 ? anchor.right - own.width : anchor.left;
  menu.style.top = `${Math.max(12, below ? anchor.bottom + GAP : anchor.top - GAP - own.height)}px`;
  menu.style.left = `${Math.max(12, Math.min(left, innerWidth - own.width - 12))}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.classList?.contains("c-menu")) return;
    buttonOf(menu)?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "open") place(menu);
  },
  true,
);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.matches?.(".c-menu:popover-open")) place(event.detail.target);
});

document.addEventListener("click", (event) => {
  const item = event.target.closest(".c-menu__item");
  item?.closest("[popover]:popover-open")?.hidePopover();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = document.querySelector(".c-menu:popover-open");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".c-menu__item")];
  const now = items.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? now + 1 : now - 1 + (now < 0 ? 1 : 0);
  event.preventDefault();
  items.at(next % items.length)?.focus();
});
