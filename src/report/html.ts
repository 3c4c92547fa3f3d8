/** One self-contained page: no script, no font, no image from elsewhere; A4 when printed. */
import { escaped, fonts } from "./svg.js";
import type { Language } from "./words.js";

/** Markup that is finished; everything else is escaped where it enters. */
export type Html = { readonly html: string };

export function html(
  strings: TemplateStringsArray,
  ...parts: (string | number | Html | Html[])[]
): Html {
  const text = parts.map((p) => {
    if (Array.isArray(p)) return p.map((h) => h.html).join("\n");
    return typeof p === "object" ? p.html : escaped(String(p));
  });
  return { html: strings.map((s, i) => s + (text[i] ?? "")).join("") };
}

/** A drawing of ours; its texts are escaped where they are drawn. */
export function drawing(svg: string): Html {
  return {
    html: `<figure>${svg.replace(/ width="[\d.]+" height="[\d.]+" font/, " font")}</figure>`,
  };
}

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const cells = (row: readonly string[], tag: "td" | "th") =>
    row.map((cell, i) => ({
      html: `<${tag}${i > 0 && tag === "td" ? ' class="n"' : ""}>${escaped(cell)}</${tag}>`,
    }));
  return html`<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${cells(row, "td")}</tr>`,
  )}</tbody></table>`;
}

export function listOf(items: readonly string[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

export function page(language: Language, title: string, body: readonly Html[]): string {
  const lang = language === "zh" ? "zh-CN" : "en";
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body.map((part) => part.html).join("\n")}
</main>
</body>
</html>
`;
}

const style = `
@page { size: A4; margin: 16mm 15mm; }
* { box-sizing: border-box; }
body { margin: 0; background: #f6f8fa; color: #1f2328; font: 15px/1.5 ${fonts.replaceAll("'", '"')}; }
main { max-width: 920px; margin: 0 auto; padding: 28px 36px 48px; background: #fff; }
h1 { font-size: 25px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 30px 0 8px; padding-bottom: 3px; border-bottom: 1px solid #d8dee4; break-after: avoid; }
h3 { font-size: 15px; margin: 18px 0 6px; break-after: avoid; }
p { margin: 6px 0; }
.source { color: #57606a; overflow-wrap: anywhere; }
.simulated { border: 2px solid #cf222e; color: #cf222e; padding: 6px 12px; margin: 14px 0; font-weight: 600; }
.answer { border-left: 4px solid #0550ae; background: #f0f6ff; padding: 10px 14px; margin: 16px 0; }
.answer p { margin: 2px 0; }
table { border-collapse: collapse; margin: 8px 0 14px; font-size: 14px; }
th { text-align: left; color: #57606a; font-weight: 600; border-bottom: 1px solid #8c959f; padding: 3px 18px 3px 0; }
td { border-bottom: 1px solid #e6eaee; padding: 3px 18px 3px 0; overflow-wrap: anywhere; }
td.n { font-variant-numeric: tabular-nums; }
tr, table { break-inside: avoid; }
.lives table { break-inside: auto; }
.lives tr:nth-child(-n+3) { break-after: avoid; }
thead { display: table-header-group; }
figure { margin: 12px 0; break-inside: avoid; }
figure svg { width: 100%; height: auto; display: block; }
ul { margin: 6px 0; padding-left: 22px; }
li { margin: 3px 0; break-inside: avoid; }
footer { margin-top: 30px; color: #57606a; font-size: 13px; overflow-wrap: anywhere; }
@media print {
  body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  table { font-size: 9.5pt; }
}
`;
