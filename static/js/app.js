// The small behaviours of every page. Each module looks after one thing and listens on the document, so that what htmx
// brings later behaves like what was there from the start.
import "./busy.js";
import "./countdown.js";
import "./dialogs.js";
import "./drafts.js";
import "./enter.js";
import "./forms.js";
import "./inline.js";
import "./mentions.js";
import "./keys.js";
import "./menus.js";
import "./offline.js";
import "./palette.js";
import "./pickers.js";
import "./rows.js";
import "./quicklog.js";
import "./theme.js";
import "./toasts.js";
