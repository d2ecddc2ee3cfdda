import xml.etree.ElementTree as ET

from imr.charts import Bar, bars, lines

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return ["".join(node.itertext()).strip() for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_bar_bears_its_label_and_the_title_stands_in_the_file():
    svg = bars(
        "Rates",
        [
            Bar("Imaging", 0.1, 0.05, 0.2),
            Bar("A label of a length that nobody would ever want to read as a whole in a chart", 0.3),
        ],
    )
    said = texts(svg)
    assert "Imaging" in said
    assert any(text.endswith("…") for text in said)
    assert b"<dc:title>Rates</dc:title>" in svg


def test_lines_are_named():
    svg = lines("Days", [f"{n}" for n in range(24)], {"median": [1.0] * 24, "ninth decile": [2.0] * 24}, unit="days")
    assert {"median", "ninth decile"} <= set(texts(svg))
    assert "0" in texts(svg)
    assert lines("One", ["a"], {"only": [1.0]}) != svg


def test_the_same_figures_give_the_same_bytes():
    rows = [Bar("a", 0.2), Bar("b", 0.1)]
    assert bars("Rates", rows) == bars("Rates", rows)
