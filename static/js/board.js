// Deals move between lanes by hand (SortableJS), by keys, and by each card's own menu; all three end in one request.
// 200: the answer is the card in its new lane. 422: the card goes back, the server's toast names the rule and the remedy.
import { announce, say } from "./words.js";

const lanes = () => [...document.querySelectorAll("[data-lane]")];
const cardsOf = (lane) => lane.querySelector("[data-lane-cards]");
const laneOf = (card) => card.closest("[data-lane]");
const titleOf = (card) => card.dataset.title ?? "";

function recount() {
  for (const lane of lanes()) {
    const place = lane.querySelector("[data-lane-count]");
    const shift = cardsOf(lane).querySelectorAll("[data-card]").length - Number(lane.dataset.drawn);
    if (place && shift) place.textContent = String(Number(place.textContent.replace(/\D/g, "")) + shift);
    lane.dataset.drawn = String(cardsOf(lane).querySelectorAll("[data-card]").length);
  }
}

function rememberCounts() {
  for (const lane of lanes()) lane.dataset.drawn ??= String(cardsOf(lane).querySelectorAll("[data-card]").length);
}

/** Ask the server to move `card`, which already lies in its new lane; `origin` is where it came from. */
async function ask(card, origin, focus) {
  const lane = laneOf(card);
  const { id } = card;
  recount();
  let refused = true;
  const heard = (event) => { if (event.detail.requestConfig.elt === card) refused = event.detail.xhr.status >= 400; };
  document.addEventListener("htmx:afterRequest", heard);
  try {
    await window.htmx.ajax("POST", card.dataset.moveUrl, { source: card, target: card, swap: "outerHTML", values: { stage: lane.dataset.stageId } });
  } finally {
    document.removeEventListener("htmx:afterRequest", heard);
  }
  const now = document.getElementById(id) ?? card;
  if (refused) putBack(now, origin);
  announce(say(refused ? "back" : "moved", { title: titleOf(now), lane: laneOf(now).dataset.name }));
  if (focus) now.focus();
}

function putBack(card, { lane, before }) {
  cardsOf(lane).insertBefore(card, before?.isConnected ? before : null);
  card.classList.add("is-refused");
  card.addEventListener("animationend", () => card.classList.remove("is-refused"), { once: true });
  recount();
}

const originOf = (card) => ({ lane: laneOf(card), before: card.nextElementSibling });

/** Move a card to a lane without dragging. */
function send(card, lane, focus = true) {
  const origin = originOf(card);
  if (lane === origin.lane) return;
  cardsOf(lane).prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  ask(card, origin, focus);
}

// --- by hand ---

function drag(lane) {
  let origin = null;
  window.Sortable.create(cardsOf(lane), {
    group: "deals",
    draggable: "[data-move-url]",
    filter: ".c-deal__menu, [popover], [popover] *",
    preventOnFilter: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160,
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
    onStart: ({ item }) => { origin = { lane: laneOf(item), before: item.nextElementSibling }; },
    onMove: ({ to }) => { for (const other of lanes()) other.classList.toggle("is-target", other === to.closest("[data-lane]")); },
    onEnd: ({ item }) => {
      for (const other of lanes()) other.classList.remove("is-target");
      if (origin && laneOf(item) !== origin.lane) ask(item, origin, false);
    },
  });
}

// --- by keys ---

let lifted = null; // {card, origin}: the card in the hand of somebody at the keyboard

function lift(card) {
  lifted = { card, origin: originOf(card) };
  card.classList.add("is-lifted");
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

function drop(keep) {
  const { card, origin } = lifted;
  lifted = null;
  card.classList.remove("is-lifted");
  if (keep && laneOf(card) !== origin.lane) return void ask(card, origin, true);
  cardsOf(origin.lane).insertBefore(card, origin.before);
  card.focus();
  announce(say("back", { title: titleOf(card), lane: origin.lane.dataset.name }));
}

const ACTS = { ArrowLeft: () => carry(-1), ArrowRight: () => carry(1), " ": () => drop(true), Enter: () => drop(true), Escape: () => drop(false) };

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (lifted) {
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  } else if (card && event.target === card && card.dataset.moveUrl && event.key === " ") {
    event.preventDefault();
    lift(card);
  }
});

// Tabbing or clicking away puts a carried card back: nothing is saved by accident.
document.addEventListener("focusout", (event) => {
  if (lifted?.card === event.target && event.relatedTarget) drop(false);
});

// --- by menu ---

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-move-to]");
  if (!choice) return;
  const lane = lanes().find((one) => one.dataset.stageId === choice.dataset.moveTo);
  if (lane) send(choice.closest("[data-card]"), lane);
});

rememberCounts();
for (const lane of lanes()) drag(lane);
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.querySelector?.("[data-lane]")) return;
  rememberCounts();
  for (const lane of event.target.querySelectorAll("[data-lane]")) drag(lane);
});
