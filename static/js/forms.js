// A form is sent once: while its answer is on the way its buttons rest, and a second Enter does nothing. One that answers with a
// file (data-file) leaves the page where it is, and may be sent again.
const inFlight = new WeakSet();

const buttonsOf = (form) => [...form.elements].filter((element) => element.type === "submit");

function hold(form) {
  inFlight.add(form);
  // After this event, because a disabled button would not be sent along with its form.
  setTimeout(() => {
    for (const button of buttonsOf(form)) {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }
  });
}

function release(form) {
  inFlight.delete(form);
  setTimeout(() => {
    for (const button of buttonsOf(form)) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
}

const viaHtmx = (form) => form.closest("[hx-post], [hx-get], [hx-put], [hx-delete], [hx-boost='true']") === form;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (inFlight.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (!viaHtmx(form) && form.method !== "get" && form.method !== "dialog" && !("file" in form.dataset) && !event.defaultPrevented) {
    hold(form);
  }
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target instanceof HTMLFormElement && !event.defaultPrevented) hold(event.target);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt instanceof HTMLFormElement) release(event.detail.elt);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});

// Filters send themselves: <form data-autosubmit> asks again whenever a choice in it changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type='checkbox'], input[type='radio'], input[type='date']")) form.requestSubmit();
});

// One click fills the sign-in form for a person of the demo company.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const form = document.getElementById(button.dataset.fill);
  form.elements.login.value = button.dataset.login;
  form.elements.password.value = button.dataset.password;
  form.requestSubmit();
});

// Dropping a file on a drop zone is choosing it.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.(".c-dropzone");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    const input = zone.querySelector("input[type='file']");
    if (kind === "drop" && input && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// A select that adds something is empty again once it has: <select data-clears>.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches?.("select[data-clears]")) event.detail.elt.value = "";
});
