"""Many orders at once: a wrong row is named before anything is ordered."""

import json

from studio import QUICK_MODEL, upload


def states(studio) -> list[str]:
    """What stands in the last column of each row."""
    return [cell.text for cell in studio.browser.find_all("main tbody tr td:last-child")]


def set_text(studio, text: str) -> None:
    """Puts a text into the field for orders, as pasting does."""
    studio.browser.script(
        "const area = document.querySelector('textarea.code'); area.value = arguments[0];"
        "area.dispatchEvent(new Event('input'))", text)


def test_a_wrong_row_is_named_and_the_others_are_ordered(studio, api, clips, tmp_path):
    video, sound = upload(api, clips.video)["id"], upload(api, clips.speech)["id"]
    good = {"model": QUICK_MODEL, "video": {"asset": video}, "audio": {"asset": sound}}
    wrong = {**good, "name": "Second", "options": {"temperature": 7}}
    rows = [{**good, "name": "First"}, wrong, {**good, "name": "Third"}]
    path = tmp_path / "orders.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    studio.go("#/batch")
    studio.browser.find_all("main input[type=file]")[0].type(str(path))
    studio.browser.wait_until(lambda: len(states(studio)) == 3, what="three rows")
    before = len(api.get("/v1/generations").json()["items"])

    studio.press("Check without ordering")
    studio.browser.find_text("main [role=status]", "3 rows, 2 valid, 1 wrong")
    said = states(studio)
    assert said[0] == said[2] == "Valid"
    assert said[1].startswith("Wrong") and "options.temperature" in said[1]
    assert len(api.get("/v1/generations").json()["items"]) == before

    studio.press("Order", "main button")
    studio.browser.find_text("dialog[open] h2", "Order 2 videos?")
    studio.press("Order", "dialog[open] button.primary")
    studio.browser.find_text("main [role=status]", "2 ordered")
    studio.browser.wait_until(
        lambda: [state.split()[0] for state in states(studio)] == ["Done", "Wrong", "Done"], 60, "two videos")
    made = api.get("/v1/generations", params={"status": "completed"}).json()["items"]
    assert sorted(item["name"] for item in made) == ["First", "Third"]
    studio.browser.find_text("main tbody a", "Open").click()
    studio.browser.find("compare-player")


def test_a_table_becomes_the_same_orders(studio, api, clips):
    picture = upload(api, clips.portrait)["id"]
    studio.go("#/batch")
    set_text(studio, f'name;image;script;voice\nGreeting;{picture};"Hello; and ""welcome"".";flite-slt\n')
    studio.browser.wait_until(lambda: states(studio) == ["Read"], what="a row")
    studio.press("Check without ordering")
    studio.browser.find_text("main [role=status]", "1 row, 1 valid")
    assert "“Hello; and \"welcome\".”" in studio.browser.text_of("main tbody")


def test_earlier_files_are_used_by_name(studio, api, clips):
    upload(api, clips.video, "by-name.mp4")
    for _ in range(2):
        upload(api, clips.video, "twins.mp4")
    sound = upload(api, clips.speech)["id"]
    studio.go("#/batch")
    head = "name,model,video,audio\n"
    names = ("by-name.mp4", "twins.mp4", "nowhere.mp4", "by-name")
    set_text(studio, head + "".join(f"{name},{QUICK_MODEL},{name},{sound}\n" for name in names))
    studio.browser.wait_until(lambda: len(states(studio)) == 4, what="four rows")
    studio.press("Check without ordering")
    studio.browser.find_text("main [role=status]", "4 rows, 1 valid, 3 wrong")
    said = states(studio)
    assert said[0] == "Valid"
    assert "video: Several earlier files are called “twins.mp4”." in said[1]
    assert "video: There is no earlier file “nowhere.mp4” of this kind." in said[2]
    assert "“by-name”" in said[3]
    # What was typed is there again when the page is; what lay over it is not.
    studio.press("Earlier files")
    studio.browser.find_text(".asset-card", "by-name.mp4")
    studio.named("Copy id", "dialog[open] button")
    studio.go("#/library")
    assert studio.browser.find_all("dialog[open]") == []
    studio.go("#/batch")
    studio.browser.wait_until(lambda: len(states(studio)) == 4, what="four rows again")


def test_what_is_no_order_is_said_at_once(studio):
    studio.go("#/batch")
    set_text(studio, '{"video": 1\n[1, 2]\n')
    studio.browser.wait_until(lambda: len(states(studio)) == 2, what="two rows")
    assert "This line is not JSON." in states(studio)[0] and "This line is not a JSON object." in states(studio)[1]
    assert not studio.named("Order", "main button").is_enabled
