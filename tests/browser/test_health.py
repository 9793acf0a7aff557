from playwright.sync_api import Page, expect


def test_the_server_answers_a_real_browser(page: Page) -> None:
    page.goto("/healthz")
    expect(page.get_by_text("ok")).to_be_visible()


def test_the_browser_files_are_served(page: Page) -> None:
    answer = page.goto("/static/vendor/icons.svg")
    assert answer
    assert answer.status == 200
    assert "<symbol" in answer.text()
