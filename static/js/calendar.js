// The calendar. EventCalendar draws; the server moves: a task that was dragged is sent as the move dialog would send it, so that a
// push is counted by the same rule, and where a reason is needed the dialog asks for it. Whatever is refused goes back.
const place = document.getElementById("calendar");
const options = JSON.parse(document.getElementById("calendar-options").textContent);
const words = options.words;
const said = document.getElementById("calendar-said");
const phone = matchMedia("(max-width: 860px)");
const VIEWS = { week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };
const STORED = "calendar-view";
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
let pending = null;

const say = (text) => { said.textContent = text; };

/** The wall time that lies `delta` after another; a date alone for a whole day. */
function moved(wall, delta, wholeDay) {
  const from = new Date(`${wall.length > 10 ? wall : `${wall}T00:00`}:00Z`);
  from.setUTCDate(from.getUTCDate() + (delta.days ?? 0));
  from.setUTCSeconds(from.getUTCSeconds() + (delta.seconds ?? 0));
  return from.toISOString().slice(0, wholeDay ? 10 : 16);
}

function drop(info) {
  const { start, move } = info.event.extendedProps;
  const to = moved(start, info.delta, info.event.allDay);
  pending = info;
  const values = { due_when: "own", due_date: to.slice(0, 10), due_time: to.slice(11) };
  htmx.ajax("POST", move, { source: place, target: "#dialog", swap: "innerHTML", values });
}

/** Put back what was dragged and not accepted. */
function putBack() {
  if (!pending) return;
  pending.revert();
  pending = null;
  say(words.kept);
}

// Accepted: the event comes before the dialog closes. Refused: the dialog is open and asks; closing it puts the task back.
document.addEventListener("tasks-changed", () => {
  pending = null;
  calendar.refetchEvents();
});
document.addEventListener("activities-changed", () => calendar.refetchEvents());
document.getElementById("dialog").addEventListener("close", putBack);
document.addEventListener("htmx:afterRequest", (event) => {
  if (pending && event.detail.elt === place && event.detail.xhr.status !== 422 && !event.detail.successful) putBack();
});

function open(info) {
  const { peek, href } = info.event.extendedProps;
  if (peek) htmx.ajax("GET", peek, { source: place, target: "#dialog", swap: "innerHTML" });
  else if (href) location.assign(href);
}

function add(info) {
  if (!options.add) return;
  const at = info.allDay ? info.dateStr.slice(0, 10) : info.dateStr.slice(0, 16);
  htmx.ajax("GET", `${options.add}?due=${at}`, { source: place, target: "#dialog", swap: "innerHTML" });
}

async function events(info) {
  const asked = new URLSearchParams({ start: info.startStr, end: info.endStr, owner: options.owner });
  const answer = await fetch(`${options.events}?${asked}`, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) {
    say(words.failed);
    throw new Error(words.failed);
  }
  return (await answer.json()).map(({ id, start, end, allDay, title, editable, ...more }) => ({
    id, start, end, allDay, title, startEditable: editable, durationEditable: false, extendedProps: { start, ...more },
    classNames: [`is-${more.kind}`, ...(more.state ? [`is-${more.state}`] : [])],
  }));
}

/** A button with time, title and what it is about: text, whatever it holds. A press of it reaches the library as one of the event. */
function content(info) {
  const parts = [
    ["ec-event-time", info.event.allDay ? "" : info.timeText],
    ["ec-event-title", info.event.title],
    ["ec-event-about", info.event.extendedProps.about],
  ];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "c-planner__event";
  for (const [name, text] of parts.filter(([, said]) => said)) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    button.append(part, " ");
  }
  return { domNodes: [button] };
}

// The library calls its grid a table and its events buttons, but leaves rows out and buttons of articles in: listeners would be
// told of tables that are none. Without these roles they hear days, times and real buttons.
const GRID = ["table", "rowgroup", "row", "cell", "columnheader", "rowheader", "list", "listitem"].map((role) => `[role="${role}"]`).join();

function tidy() {
  for (const part of place.querySelectorAll(`${GRID}, [aria-colindex]`)) {
    for (const name of ["role", "aria-colindex", "aria-rowindex"]) part.removeAttribute(name);
  }
  for (const event of place.querySelectorAll("article[role]")) {
    event.removeAttribute("role");
    event.removeAttribute("tabindex");
  }
  for (const day of place.querySelectorAll("h4:not([aria-level])")) {
    day.setAttribute("role", "heading");
    day.setAttribute("aria-level", "2");
  }
}

new MutationObserver(tidy).observe(place, { childList: true, subtree: true, attributeFilter: ["role", "tabindex"] });

function viewAtFirst() {
  const stored = localStorage.getItem(STORED);
  if (phone.matches) return VIEWS.list;
  return Object.values(VIEWS).includes(stored) ? stored : VIEWS.week;
}

const text = (usual) => ({
  ...usual, today: words.today, prev: words.before, next: words.after, close: words.close,
  timeGridWeek: words.week, dayGridMonth: words.month, listWeek: words.list,
});

const calendar = EventCalendar.create(place, {
  view: viewAtFirst(),
  eventSources: [{ events }],
  locale: options.locale,
  firstDay: options.firstDay,
  timeZone: options.timeZone,
  headerToolbar: { start: "prev,next today", center: "title", end: "timeGridWeek,dayGridMonth,listWeek" },
  buttonText: text,
  allDayContent: words.allDay,
  noEventsContent: words.none,
  moreLinkContent: (info) => words.more.replace("%(n)s", info.num),
  eventTimeFormat: CLOCK,
  slotLabelFormat: CLOCK,
  slotHeight: 26,
  views: {
    timeGridWeek: { dayHeaderFormat: { weekday: "short", day: "numeric" } },
    dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
  },
  displayEventEnd: false,
  dayMaxEvents: true,
  nowIndicator: true,
  scrollTime: "07:30:00",
  slotEventOverlap: false,
  lazyFetching: false,
  pointer: false,
  longPressDelay: 500,
  height: "100%",
  eventContent: content,
  eventClick: open,
  eventDrop: drop,
  dateClick: add,
  viewDidMount: () => place.setAttribute("data-ready", ""),
  datesSet: (info) => {
    if (!phone.matches) localStorage.setItem(STORED, info.view.type);
  },
});

phone.addEventListener("change", () => calendar.setOption("view", viewAtFirst()));
