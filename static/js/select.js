// Long lists: <select data-search> becomes a field to type in (Tom Select); data-url asks the server while typing, which
// answers [{value, text}, ...].
function settings(select) {
  const { url } = select.dataset;
  const common = { maxOptions: 50, hidePlaceholder: true, plugins: [] };
  if (!url) return common;
  return {
    ...common,
    valueField: "value",
    labelField: "text",
    searchField: [],
    score: () => () => 1, // the server has already chosen and sorted
    shouldLoad: (typed) => typed.trim().length > 0,
    load: async (typed, done) => {
      const answer = await fetch(`${url}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      done(answer?.ok ? await answer.json() : []);
    },
  };
}

function dress(root) {
  for (const select of root.querySelectorAll?.("select[data-search]") ?? []) {
    if (!select.tomselect) new window.TomSelect(select, settings(select));
  }
}

dress(document);
document.addEventListener("htmx:afterSwap", (event) => dress(event.detail.target));
