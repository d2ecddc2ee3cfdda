"""The check of words finds what it is for, and its list of files still to do only gets shorter."""

from tests import wording

#: How many files were to do when the check came. Lower it as they are corrected.
TO_DO_AT_MOST = 0


def test_the_list_of_files_to_do_only_gets_shorter():
    to_do = wording.TO_DO.read_text(encoding="utf-8").split()
    assert len(to_do) <= TO_DO_AT_MOST
    assert [name for name in to_do if not (wording.ROOT / name).exists()] == []


def test_words_that_are_not_ours_are_found_in_prose_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(wording, "ROOT", tmp_path)
    samples = {
        "a.py": '"""Make it anew."""\nkind = "imr-dispute-stands"\nanew = 1  # it stands here\ntold = f"by when {anew}"\n',
        "b.html": '{% if door.name %}<p class="door">{% translate "The label stands" %}</p>{% endif %}\n',
        "c.md": "The `licence` of a programme; the determination stands.\n\n    a door in code\n",
    }
    found = {}
    for name, text in samples.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        found[name] = [line.split("'")[1] for line in wording.findings(tmp_path / name)]
    assert found == {"a.py": ["anew", "stands", "by when"], "b.html": ["stands"], "c.md": ["programme"]}
