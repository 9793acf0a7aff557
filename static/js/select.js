// Long lists: <select data-search> becomes a field to type in (Tom Select); data-url asks the server while typing, which
// answers [{value, text}, ...]. What the page sent along stays on offer while nothing is typed.
/** Enter right after typing means the best of what is still on its way, not what stands in the list from before. */
function waitForAnswer(picker, event) {
  const typed = picker.control_input.value;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !typed.trim() || picker.answeredFor === typed) return;
  event.preventDefault();
  event.stopPropagation();
  picker.chosenEarly = typed;
}

function answered(picker, typed, found) {
  picker.answeredFor = typed;
  // Whoever pressed Enter may have gone on to the next field, which empties this one: only something else typed here changes it.
  const here = picker.control_input.value;
  if (picker.chosenEarly === typed && (here === typed || !here) && found.length) picker.addItem(found[0].value);
  if (picker.chosenEarly === typed) picker.chosenEarly = null; // the answer to what was typed before says nothing
}

function settings(select) {
  const { url } = select.dataset;
  const common = {
    maxOptions: 50,
    hidePlaceholder: true,
    plugins: [],
    // Its look at what was typed opens the list and takes the focus: not a moment later, and never once somebody has moved on.
    refreshThrottle: 0,
    onBlur() { clearTimeout(this.refreshTimeout); },
  };
  if (!url) return common;
  const sent = [...select.options].filter((option) => option.value).map(({ value, text }) => ({ value, text }));
  function offer(picker, options) {
    picker.clearOptions();
    picker.addOptions(options);
    picker.refreshOptions(picker.isFocused);
  }
  return {
    ...common,
    valueField: "value",
    labelField: "text",
    searchField: [],
    score: () => () => 1, // the server has already chosen and sorted
    loadThrottle: 120,
    onInitialize() { this.wrapper.addEventListener("keydown", (event) => waitForAnswer(this, event), true); },
    shouldLoad: (typed) => typed.trim().length > 0,
    onType(typed) { if (!typed.trim()) offer(this, sent); },
    async load(typed, done) {
      const answer = await fetch(`${url}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      const found = answer?.ok ? await answer.json() : [];
      this.clearOptions();
      done(found);
      answered(this, typed, found);
    },
  };
}

function dress(root) {
  for (const select of root.querySelectorAll?.("select[data-search]") ?? []) {
    if (select.tomselect) continue;
    const waited = select === document.activeElement;
    const picker = new window.TomSelect(select, settings(select));
    // Its label and its place in the order of focus now belong to the field to type in; the list behind it is only there to be sent.
    select.setAttribute("aria-hidden", "true");
    picker.control_input.autofocus = select.autofocus;
    select.autofocus = false;
    // Only where the plain list had the focus: whoever has moved on to another field meanwhile types there.
    if (waited) picker.control_input.focus();
  }
}

// A dialog, or a mistake that is shown, gives the focus to the list behind the field.
document.addEventListener("focusin", (event) => event.target.tomselect?.control_input.focus());

dress(document);
// Once the new content has settled: until then htmx still puts the attributes of what it replaced on what has the same id.
document.addEventListener("htmx:afterSettle", (event) => dress(event.target.parentElement ?? event.target));
