"""How a document looks on screen and on paper."""

from __future__ import annotations

from reports.review.style import GRID, INK, MUTED

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: #fff; color: {INK}; }}
body {{ font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }}
main {{ max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }}
.company {{ margin: 0; font-weight: 600; color: {MUTED}; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: .25rem 0 .5rem; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; margin: 0 0 .75rem; }}
.facts {{ list-style: none; margin: 0; padding: 0; color: {MUTED}; }}
.facts li {{ display: inline; }}
.facts li + li::before {{ content: "·"; margin: 0 .5rem; }}
.headline {{ font-size: 1.35rem; line-height: 1.4; margin: 1.25rem 0; max-width: 48rem; }}
.figures {{ display: grid; gap: .75rem; margin: 0; }}
.figures {{ grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); }}
.figures div {{ border-top: 3px solid {INK}; padding-top: .5rem; }}
.figures dt {{ color: {MUTED}; font-size: .875rem; }}
.figures dd {{ margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }}
.figures dd.below {{ font-size: .875rem; font-weight: 400; color: {MUTED}; }}
section {{ margin-top: 2.75rem; }}
p {{ max-width: 48rem; }} li {{ max-width: 48rem; margin-bottom: .3rem; }}
figure {{ margin: 1rem 0; }} h3 {{ font-size: 1rem; margin: 0; }}
figcaption {{ color: {MUTED}; font-size: .875rem; }}
.table {{ overflow-x: auto; margin: 1rem 0; }}
table {{ border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; font-weight: 600; padding-bottom: .35rem; }}
th, td {{ border-bottom: 1px solid {GRID}; padding: .35rem .5rem; text-align: right; vertical-align: top; }}
td data, .name {{ white-space: nowrap; }} .words td {{ text-align: left; }} .words th {{ text-align: left; }}
thead th {{ color: {MUTED}; font-weight: 600; vertical-align: bottom; }}
th:first-child {{ text-align: left; font-weight: 600; padding-left: 0; }}
thead th {{ min-width: 4.5rem; }} tbody th {{ min-width: 7.5rem; }}
@media screen and (min-width: 60rem) {{ tbody th {{ min-width: 10rem; }} }}
@media print {{
  @page {{ size: A4; margin: 14mm 13mm; }}
  body {{ font-size: 10pt; }} main {{ max-width: none; padding: 0; }}
  section {{ margin-top: 8mm; }}
  h2, h3 {{ break-after: avoid; break-inside: avoid; }} .keep {{ break-inside: avoid; }}
  figure, tr, .figures div {{ break-inside: avoid; }}
  .table {{ overflow: visible; }} .short {{ break-inside: avoid; }}
  table {{ font-size: 8pt; }} th, td {{ padding: .15rem .2rem; line-height: 1.35; }}
  thead th {{ min-width: 0; }} tbody th {{ min-width: 4.5rem; }}
  thead {{ display: table-header-group; }} caption {{ break-after: avoid; }}
  section:nth-last-of-type(1) {{ break-before: page; }}
}}
"""

PRINT_SCRIPT = """
(function () {
  var plots = function () { return document.querySelectorAll('.js-plotly-plot'); };
  addEventListener('beforeprint', function () {
    plots().forEach(function (one) { Plotly.relayout(one, {autosize: false, width: 690}); });
  });
  addEventListener('afterprint', function () {
    plots().forEach(function (one) { Plotly.relayout(one, {autosize: true, width: null}); });
  });
})();
"""
"""A chart is as wide as the screen; paper is narrower, and would cut it off."""
