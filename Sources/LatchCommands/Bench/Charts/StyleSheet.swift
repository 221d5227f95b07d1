/// The style sheet of every page with plots; `Benchmarks/page.py` reads it from this file.
enum StyleSheet {
    static let text = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6878; --line: #dde3ea; --paper: #ffffff; --card: #f6f8fa; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e4e9f0; --soft: #9aa7b8; --line: #313b48; --paper: #12171e; --card: #1a212b; }
        }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1060px; margin: 0 auto; padding: 40px 24px 64px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; }
        h2 { font-size: 19px; margin: 40px 0 4px; }
        p { margin: 6px 0; max-width: 78ch; }
        .soft { color: var(--soft); font-size: 14px; }
        .lead { font-size: 18px; margin: 18px 0; }
        figure { margin: 10px 0 0; padding: 12px; background: var(--card); border-radius: 8px; overflow-x: auto; }
        svg { display: block; width: 100%; min-width: 620px; height: auto; }
        svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        svg .tick { fill: var(--soft); }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg .mark { stroke: var(--card); stroke-width: 1.5; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin: 10px 0; width: 100%; }
        th, td { text-align: right; padding: 6px 7px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; }
        th:first-child, td:first-child { text-align: left; }
        .good { color: #1a7f4b; font-weight: 600; } .bad { color: #c2410c; font-weight: 600; }
        @media (prefers-color-scheme: dark) { .good { color: #4ccb8b; } .bad { color: #fb923c; } }
        code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
        """
}
