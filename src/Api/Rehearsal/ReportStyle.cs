using System.Security.Cryptography;
using System.Text;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// The style of a report: the colours and fonts of the other pages, in the page itself, so that it can be mailed and
/// printed.
/// </summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --ground: light-dark(#f6f3ee, #161412); --card: light-dark(#fffefb, #201d1a);
          --raised: light-dark(#f0ebe3, #2a2622);
          --ink: light-dark(#211d1a, #f3eee7); --muted: light-dark(#665d55, #b3a99e);
          --line: light-dark(#e2dacf, #37322c);
          --accent: light-dark(#9b1c3d, #f5a3b6);
          --good: light-dark(#1c6343, #86d6aa); --good-ground: light-dark(#e6f1ea, #1b2c23);
          --bad: light-dark(#a02318, #ff9f91); --bad-ground: light-dark(#fbe9e5, #361a16);
          --accepted: light-dark(#2f8f63, #58b98a); --refused: light-dark(#b9afa4, #6d645b);
          --failed: light-dark(#c2412f, #ff8d7d);
          --outside: light-dark(#4a433d, #d8cfc4); --edge: light-dark(#a2978b, #8d8378);
          --queue: light-dark(#d69a2d, #d9a441);
          --turn: light-dark(#2f8f63, #58b98a); --store: light-dark(#35506b, #8db4da);
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
          font: 16px/1.55 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", system-ui, sans-serif;
        }
        main {
          max-width: 60rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 2rem) 3rem;
          display: grid; gap: 1.25rem;
        }
        h1, h2, p, dl, dd, ul { margin: 0; }
        h1 {
          font-size: clamp(1.7rem, 1.2rem + 2.4vw, 2.6rem); line-height: 1.12; letter-spacing: -0.022em;
          text-wrap: balance;
        }
        h2 { font-size: 1.0625rem; letter-spacing: -0.01em; }
        .eyebrow {
          color: var(--accent); font-weight: 650; font-size: 0.875rem; letter-spacing: 0.02em; margin-bottom: 0.35rem;
        }
        .under { color: var(--muted); margin-top: 0.5rem; max-width: 46rem; }
        section {
          background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem;
          display: grid; gap: 0.9rem; min-width: 0;
        }
        section > p { max-width: 46rem; }
        .verdict { border-color: transparent; padding: 1.5rem; gap: 0.5rem; }
        .verdict.good { background: var(--good-ground); } .verdict.bad { background: var(--bad-ground); }
        .verdict strong { font-size: 1.5rem; line-height: 1.2; letter-spacing: -0.015em; }
        .good strong { color: var(--good); } .bad strong { color: var(--bad); }
        .verdict ul { padding-left: 1.2rem; }
        .figures {
          display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; background: var(--line);
          border: 1px solid var(--line); border-radius: 14px; overflow: hidden;
        }
        .figures div { background: var(--card); padding: 0.9rem 1.1rem; }
        .figures dt { color: var(--muted); font-size: 0.875rem; }
        .figures dd {
          font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em;
          font-variant-numeric: tabular-nums;
        }
        .muted, figcaption { color: var(--muted); font-size: 0.875rem; }
        figure { margin: 0; display: grid; gap: 0.5rem; }
        svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
        svg text { fill: var(--muted); font-variant-numeric: tabular-nums; }
        .rule { stroke: var(--line);}
        .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round;}
        .dot { fill: var(--accent); }
        .accepted { fill: var(--accepted);} .refused { fill: var(--refused);} .failed { fill: var(--failed);}
        .waiting { fill: var(--accent); }
        .outside { fill: var(--outside);} .edge { fill: var(--edge);} .queue { fill: var(--queue);}
        .turn { fill: var(--turn);} .store { fill: var(--store); }
        .legend {
          display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; padding: 0; list-style: none; color: var(--muted);
          font-size: 0.875rem;
        }
        .legend li { display: flex; align-items: center; gap: 0.45rem; }
        .legend svg { width: 0.75rem; flex: none; }
        .wide { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
        th, td {
          text-align: right; padding: 0.4rem 0 0.4rem 1rem; border-bottom: 1px solid var(--line);
          font-variant-numeric: tabular-nums; white-space: nowrap;
        }
        thead th { color: var(--muted); font-weight: 500; font-size: 0.875rem; }
        tbody tr:last-child > * { border-bottom: 0; }
        th:first-child, td:first-child, .words { text-align: left; padding-left: 0; }
        th:first-child { font-weight: 500; }
        .words { white-space: normal; min-width: 14rem; padding-left: 1rem; color: var(--muted); }
        code { font: 0.875em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        summary { cursor: pointer; color: var(--muted); font-size: 0.875rem; }
        details > * + * { margin-top: 0.6rem; }
        footer { color: var(--muted); font-size: 0.875rem; max-width: 46rem; }
        @media (max-width: 40rem) {
          .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          figure { overflow-x: auto; }
          figure > svg { min-width: 36rem; }
        }
        @media print {
          :root { color-scheme: light; }
          body { background: none; font-size: 10.5pt; }
          main { max-width: none; padding: 0; gap: 0.8rem; }
          section, .figures { break-inside: avoid; }
          * { print-color-adjust: exact; }
        }
        """;

    /// <summary>Allows this style only: no script, no other file, no frame around the page.</summary>
    public static readonly string ContentSecurityPolicy =
        "default-src 'none'; style-src "
        + $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
