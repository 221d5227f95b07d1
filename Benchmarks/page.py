"""The comparison as one HTML page: plots as inline SVG, the table, and nothing that is fetched from anywhere."""

import pathlib
from html import escape

from brokers import machine_text

COLORS = {"latch": "#1a9e5c", "limit": "#8b95a5", "mosquitto": "#2f7ed8", "gocryptfs": "#d9480f"}
WIDTH, LEFT, BAR, GAP = 860, 170, 20, 6

SHEET = pathlib.Path(__file__).resolve().parent.parent / "Sources/LatchCommands/Bench/Charts/StyleSheet.swift"


def style():
    """The style sheet of `latch bench`'s pages, which this one shares."""
    return SHEET.read_text().split('"""')[1]


def bars(title, form, values, titles):
    """One figure of every broker as bars from the same zero."""
    most = max(values.values()) or 1
    names = [name for name in titles if name in values]
    height = len(names) * (BAR + GAP) + GAP
    lines = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">']
    for row, name in enumerate(names):
        top = GAP + row * (BAR + GAP)
        length = max(1, (WIDTH - LEFT - 110) * values[name] / most)
        text = form.format(values[name])
        lines.append(f'<text x="{LEFT - 10}" y="{top + 15}" text-anchor="end">{escape(titles[name])}</text>')
        lines.append(
            f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3" fill="{COLORS[name]}">'
            f"<title>{escape(titles[name])}: {text}</title></rect>"
        )
        lines.append(f'<text x="{LEFT + length + 8:.1f}" y="{top + 15}">{text}</text>')
    return "\n".join([*lines, "</svg>"])


def html(results, rows, titles):
    """The page.

    rows: of `Benchmarks/run`: title, form, what is better ("more", "less" or None), values by broker. A title that
    begins with blanks belongs to the last one that does not.
    """
    sections, heading = [], ""
    for title, form, better, values in rows:
        if not title.startswith(" "):
            heading = title
        whole = title if title == heading else f"{heading}: {title.strip()}"
        if better and len(values) > 1:
            sections.append(
                f'<h2>{escape(whole)}</h2><p class="soft">{better} is better</p>'
                f"<figure>{bars(whole, form, values, titles)}</figure>"
            )
    names = [name for name in titles if name in results["brokers"]]
    head = "".join(f"<th>{escape(titles[name])}</th>" for name in names)
    body = "\n".join(
        f"<tr><td>{escape(title)}</td>"
        + "".join(f"<td>{form.format(values[name]) if name in values else '–'}</td>" for name in names)
        + "</tr>"
        for title, form, _, values in rows
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Latch beside mosquitto</title>
<style>{style()}</style>
</head>
<body>
<main>
<h1>Latch beside mosquitto</h1>
<p class="soft">{escape(results["date"])}, {escape(machine_text(results["machine"]))}</p>
<p>All measured in one run on one machine and one disk, in turn. Latch acknowledges a retained message when it is sealed and
synced; mosquitto acknowledges from memory, stores in clear and saves every second; the bare limit is a C loop that parses,
seals, appends, syncs and acknowledges, and does nothing else. Only ratios count.</p>
{"".join(sections)}
<h2>All figures</h2>
<div class="scroll"><table><thead><tr><th></th>{head}</tr></thead><tbody>
{body}
</tbody></table></div>
<p class="soft"><code>{escape(results["command"])}</code>, seed {results["seed"]}</p>
</main>
</body>
</html>
"""
