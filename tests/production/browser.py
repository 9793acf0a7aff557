"""As much of a browser as a smoke test needs: cookies, redirects, and forms filled in by the names of their fields."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar


@dataclass
class Form:
    """A form as the page shows it: where it goes and what is filled in already."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page, with what each field holds."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms = address, list[Form]()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(words.get("hx-post") or words.get("action") or self.address))
        elif self.forms and tag in {"input", "select", "textarea", "option"}:
            self._field(tag, words, self.forms[-1].values)

    def _field(self, tag: str, words: dict[str, str], values: dict[str, str]) -> None:
        name = words.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option":
            if self._select and "selected" in words:
                values[self._select] = words.get("value", "")
        elif name and (words.get("type") not in {"checkbox", "radio", "file", "submit"} or "checked" in words):
            values[name] = words.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Browser:
    """A visitor with cookies."""

    def __init__(self, base: str) -> None:
        self.base, self.address, self.page = base, base, ""
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """Open a page, following redirects; raises AssertionError unless it is answered with 200."""
        return self._send(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def submit(self, action: str, **values: str) -> str:
        """Send the form of the open page whose address contains `action`, with these fields changed."""
        reader = _Forms(self.address)
        reader.feed(self.page)
        form = next((form for form in reader.forms if action in form.action), None)
        assert form, f"{self.address} has no form for {action}"
        unknown = set(values) - set(form.values)
        body = urllib.parse.urlencode({**form.values, **values}).encode()
        address = urllib.parse.urljoin(self.address, form.action)
        # As a browser does over HTTPS; Django checks it.
        request = urllib.request.Request(address, body, {"Referer": self.address, "Origin": self.base})
        try:
            return self._send(request)
        except AssertionError as error:
            raise AssertionError(f"{error}\nFields sent that the page did not show: {sorted(unknown)}") from None

    def _send(self, request: urllib.request.Request) -> str:
        try:
            with self._open.open(request, timeout=60) as answer:
                self.address, self.page = answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise AssertionError(f"{request.get_method()} {request.full_url} -> {error.code}\n{said[-2000:]}") from None
        return self.page
