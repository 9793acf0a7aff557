// Deals move between lanes by hand (SortableJS), by keys, and by the menu; all three end in one request.
// The answer is the card, moved or refused, and says in which lane it lies now: a colleague may have been faster.
import { announce, say } from "./words.js";

const lanes = () => [...document.querySelectorAll("[data-lane]")];
const laneCalled = (stage) => lanes().find((one) => one.dataset.stageId === stage);
const cardsOf = (lane) => lane.querySelector("[data-lane-cards]");
const laneOf = (card) => card.closest("[data-lane]");
const titleOf = (card) => card.dataset.title ?? "";
const keyOf = (card) => card.id.replace("deal-", "");
const drawnIn = (lane) => cardsOf(lane).querySelectorAll("[data-card]").length;

function recount() {
  for (const lane of lanes()) {
    const place = lane.querySelector("[data-lane-count]");
    const drawn = drawnIn(lane);
    const shift = drawn - Number(lane.dataset.drawn);
    if (place && shift) place.textContent = String(Number(place.textContent.replace(/\D/g, "")) + shift);
    lane.dataset.drawn = String(drawn);
  }
}

function rememberCounts() {
  for (const lane of lanes()) lane.dataset.drawn ??= String(drawnIn(lane));
}

/** Ask the server to move `card`, which already lies in its new lane; `origin` is where it came from. */
async function ask(card, origin, focus) {
  const { id } = card;
  recount();
  let status = 0;
  const heard = (event) => { if (event.detail.requestConfig.elt === card) status = event.detail.xhr.status; };
  document.addEventListener("htmx:afterRequest", heard);
  try {
    const values = { stage: laneOf(card).dataset.stageId, from: origin.lane.dataset.stageId };
    await window.htmx.ajax("POST", card.dataset.moveUrl, { source: card, target: card, swap: "outerHTML", values });
  } finally {
    document.removeEventListener("htmx:afterRequest", heard);
  }
  // Out of reach: a colleague took it away. The board as it is now says more than the card.
  if (status === 404) return window.htmx.trigger(document.body, "deals-changed");
  const now = document.getElementById(id) ?? card;
  if (status === 0 || status >= 400) putBack(now, origin);
  putWhereItLies(now);
  if (!now.isConnected) return;
  announce(say(status >= 400 ? "back" : "moved", { title: titleOf(now), lane: laneOf(now).dataset.name }));
  // A closed deal is carried no more: what is left to focus is its link.
  if (focus && !document.querySelector("dialog[open]")) (now.hasAttribute("tabindex") ? now : now.querySelector("a")).focus();
}

function putBack(card, { lane, before }) {
  cardsOf(lane).insertBefore(card, before?.isConnected && before.parentElement === cardsOf(lane) ? before : null);
  card.classList.add("is-refused");
  card.addEventListener("animationend", () => card.classList.remove("is-refused"), { once: true });
  recount();
}

/** The server has the last word on where a card lies; a lost deal lies in no lane. */
function putWhereItLies(card) {
  const stage = card.dataset.liesIn;
  if (!stage || laneOf(card)?.dataset.stageId === stage) return;
  const lane = laneCalled(stage);
  if (lane) cardsOf(lane).prepend(card);
  else card.remove();
  recount();
}

const originOf = (card) => ({ lane: laneOf(card), before: card.nextElementSibling });

/** Move a card to a lane without dragging. */
function send(card, lane, focus = true) {
  const origin = originOf(card);
  if (!lane || lane === origin.lane) return;
  cardsOf(lane).prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  ask(card, origin, focus);
}

/** Open the dialog behind an address in which 0 stands for the deal. */
function open(address, card) {
  const url = address.replace("/0/", `/${keyOf(card)}/`).replace("=0", `=${keyOf(card)}`);
  window.htmx.ajax("GET", url, { source: card, target: "#dialog", swap: "innerHTML" });
}

const OUTCOMES = {
  won: (card) => send(card, laneCalled("won")),
  lost: (card) => open(document.querySelector("[data-outcomes]").dataset.loseUrl, card),
};

// --- by hand ---

const GENTLE = matchMedia("(prefers-reduced-motion: reduce)").matches;
let origin = null;

function target(place) {
  for (const other of document.querySelectorAll("[data-lane], [data-outcome]")) other.classList.toggle("is-target", other === place);
}

function dropped(item) {
  const outcome = item.closest("[data-outcome]");
  target(null);
  document.body.classList.remove("is-carrying");
  if (!origin) return;
  if (outcome) {
    cardsOf(origin.lane).insertBefore(item, origin.before?.parentElement ? origin.before : null);
    OUTCOMES[outcome.dataset.outcome](item);
  } else if (laneOf(item) !== origin.lane) {
    ask(item, origin, false);
  }
}

function drag(lane) {
  window.Sortable.create(cardsOf(lane), {
    group: "deals",
    draggable: "[data-move-url]",
    filter: ".c-deal__menu",
    preventOnFilter: false,
    animation: GENTLE || drawnIn(lane) > 60 ? 0 : 160, // animating measures every card of the lane
    delay: 220,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 4,
    ghostClass: "is-ghost",
    fallbackClass: "is-dragged",
    scroll: true,
    scrollSensitivity: 80,
    scrollSpeed: 6,
    bubbleScroll: true,
    onStart: ({ item }) => {
      origin = originOf(item);
      document.body.classList.add("is-carrying");
    },
    onMove: ({ to }) => target(to.closest("[data-lane], [data-outcome]")),
    onEnd: ({ item }) => dropped(item),
  });
}

function takeDrops(zone) {
  window.Sortable.create(zone, { group: { name: "deals", pull: false }, draggable: "[data-card]", sort: false });
}

// --- by keys ---

let lifted = null; // {card, origin}: the card in the hand of somebody at the keyboard

function lift(card) {
  lifted = { card, origin: originOf(card) };
  card.classList.add("is-lifted");
  document.body.classList.add("is-carrying");
  announce(say("lifted", { title: titleOf(card), lane: laneOf(card).dataset.name }));
}

function carry(by) {
  const all = lanes();
  const place = all.indexOf(laneOf(lifted.card)) + by;
  if (place < 0 || place >= all.length) return;
  cardsOf(all[place]).prepend(lifted.card);
  lifted.card.focus();
  lifted.card.scrollIntoView({ block: "nearest", inline: "nearest" });
  announce(say("over", { lane: all[place].dataset.name, place: place + 1, lanes: all.length }));
}

function letGo() {
  const held = lifted;
  lifted = null;
  held.card.classList.remove("is-lifted");
  document.body.classList.remove("is-carrying");
  return held;
}

function drop(keep) {
  const { card, origin: from } = letGo();
  if (keep && laneOf(card) !== from.lane) return void ask(card, from, true);
  cardsOf(from.lane).insertBefore(card, from.before);
  card.focus();
  announce(say("back", { title: titleOf(card), lane: from.lane.dataset.name }));
}

/** Won or lost: the card goes back to its lane first, so that a dialog that is closed leaves it there. */
function close(outcome) {
  if (!document.querySelector(`[data-outcome="${outcome}"]`)) return;
  const { card, origin: from } = letGo();
  cardsOf(from.lane).insertBefore(card, from.before);
  card.focus();
  OUTCOMES[outcome](card);
}

const ACTS = {
  arrowleft: () => carry(-1), arrowright: () => carry(1), " ": () => drop(true), enter: () => drop(true), escape: () => drop(false),
  w: () => close("won"), l: () => close("lost"),
};

// Before the keys of the page: with a card in the hand, W and L are about the card.
addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (lifted) {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : ACTS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  } else if (card && event.target === card && card.dataset.moveUrl && event.key === " ") {
    event.preventDefault();
    lift(card);
  }
}, true);

// Tabbing or clicking away puts a carried card back: nothing is saved by accident.
document.addEventListener("focusout", (event) => {
  if (lifted?.card === event.target && event.relatedTarget) drop(false);
});

// --- by menu ---

let chosen = null; // the card whose menu is open

document.addEventListener("click", (event) => {
  const opener = event.target.closest(".c-deal__menu");
  if (opener) {
    chosen = opener.closest("[data-card]");
    const here = laneOf(chosen).dataset.stageId;
    for (const item of document.querySelectorAll("#deal-menu [data-move-to]")) item.hidden = item.dataset.moveTo === here;
    return;
  }
  const item = chosen && event.target.closest("#deal-menu .c-menu__item");
  if (!item) return;
  const card = document.getElementById(chosen.id);
  if (!card) return;
  if (item.dataset.moveTo) send(card, laneCalled(item.dataset.moveTo));
  else if (item.dataset.ask) open(item.dataset.ask, card);
  else if ("lose" in item.dataset) OUTCOMES.lost(card);
});

function begin(root) {
  rememberCounts();
  for (const lane of root.querySelectorAll("[data-lane]")) drag(lane);
  for (const zone of root.querySelectorAll("[data-outcome]")) takeDrops(zone);
}

begin(document);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector?.("[data-lane]")) begin(event.target);
});
