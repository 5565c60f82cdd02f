"""The look of the HTML report: one style sheet, named by its digest so that the document allows no other."""

import base64
import hashlib

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1b2027; font: 16px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
header, nav, main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid #c3c9d0; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: 0 0 .75rem; white-space: pre-line; max-width: 48rem; }
a { color: #0b5cad; }
a:focus-visible, .scroll:focus-visible { outline: 3px solid #0b5cad; outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: #fff; padding: .5rem 1rem; }
.skip:focus { left: 1rem; top: 1rem; }
.subtitle { color: #4a5460; }
.label, .research { border: 2px solid #1b2027; padding: .5rem .75rem; font-weight: 600; }
.research { border-width: 1px; font-weight: 400; }
nav ol { columns: 2; padding-left: 1.25rem; }
.scroll { overflow-x: auto; margin: 1rem 0 .25rem; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #c3c9d0; text-align: left; vertical-align: top; }
th, td { white-space: pre-line; }
thead th { border-bottom: 2px solid #1b2027; vertical-align: bottom; }
tbody th { font-weight: 500; }
td.number { text-align: right; white-space: nowrap; }
th.number { text-align: right; }
.digest td { overflow-wrap: anywhere; }
.notes { font-size: .8125rem; color: #4a5460; margin: 0 0 .25rem; }
figure { margin: 1.5rem 0; }
figure img { display: block; max-width: min(100%, 50rem); height: auto; }
figcaption { font-size: .875rem; margin-top: .5rem; max-width: 48rem; white-space: pre-line; }
.warnings { border-left: 4px solid #b35900; padding-left: .75rem; }
.todo { font-style: italic; color: #4a5460; }
footer { border-top: 1px solid #c3c9d0; margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; color: #4a5460; }
@media print {
  @page { size: A4; margin: 18mm 16mm; }
  body { font-size: 9.5pt; }
  header, nav, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav, .skip { display: none; }
  a { color: inherit; text-decoration: none; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  td.number { white-space: pre-line; }
}
"""

STYLE_SOURCE = f"sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}"
POLICY = f"default-src 'none'; style-src '{STYLE_SOURCE}'; img-src data:; base-uri 'none'; form-action 'none'"
