// The options of a list, a row each: up, down, away, one more. Enter goes on to the next row, several pasted lines become rows.
const rowOf = (element) => element.closest(".c-options__row");
const listOf = (element) => element.closest("[data-options]").querySelector("ul");
const inputOf = (row) => row.querySelector("input[type='text']");

// The preview and whoever else looks at the form hears of rows that moved as of anything that was typed.
function tell(list) {
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function add(list, after = list.lastElementChild, text = "") {
  const row = list.firstElementChild.cloneNode(true);
  for (const input of row.querySelectorAll("input")) input.value = "";
  row.querySelector(".c-badge")?.remove();
  inputOf(row).removeAttribute("id");
  inputOf(row).value = text;
  after.after(row);
  return row;
}

function remove(row) {
  const list = listOf(row);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (next) row.remove();
  else for (const input of row.querySelectorAll("input")) input.value = "";
  inputOf(next ?? row).focus();
  tell(list);
}

function move(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row);
  else other.after(row);
  row.querySelector(`[data-option="${up ? "up" : "down"}"]`).focus();
  if (getComputedStyle(document.activeElement).visibility === "hidden") inputOf(row).focus();
  tell(listOf(row));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-option]");
  if (!button) return;
  const act = button.dataset.option;
  if (act === "add") inputOf(add(listOf(button))).focus();
  else if (act === "remove") remove(rowOf(button));
  else move(rowOf(button), act === "up");
});

document.addEventListener("keydown", (event) => {
  const row = event.target.matches?.("[data-options] input[type='text']") && rowOf(event.target);
  if (!row || event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.value.trim()) return;
  event.preventDefault();
  inputOf(row.nextElementSibling ?? add(listOf(row))).focus();
});

document.addEventListener("paste", (event) => {
  const row = event.target.matches?.("[data-options] input[type='text']") && rowOf(event.target);
  const lines = (event.clipboardData?.getData("text") ?? "").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (!row || lines.length < 2) return;
  event.preventDefault();
  let last = row;
  if (!inputOf(row).value.trim()) inputOf(row).value = lines.shift();
  for (const line of lines) last = add(listOf(row), last, line);
  inputOf(last).focus();
  tell(listOf(row));
});
