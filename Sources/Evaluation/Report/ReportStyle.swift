#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ReportPage {
    /// Readable on dark and on light screens, on wide and on narrow ones.
    static let style = """
        :root { --ground: #fff; --text: #1b1d21; --faint: #5b616b; --line: #c9ced6; --rail: #eef0f3; --accent: #0b62c4;
          --mesh: #00c2ff; --ghost: #ff4d88; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #17191d; --text: #e7e9ec; --faint: #a4abb6; --line: #444a54; --rail: #262a30;
            --accent: #6db3ff; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem clamp(0.75rem, 3vw, 2.5rem) 3rem; max-width: 76rem;
          background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
          overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0; }
        h2 { font-size: 1.2rem; margin: 0 0 0.75rem; }
        h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
        p { margin: 0.4rem 0; max-width: 48rem; }
        section, footer { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 1.5rem; }
        footer, .legend { color: var(--faint); font-size: 0.9rem; }
        .legend label { color: var(--accent); text-decoration: underline; cursor: pointer; }
        .legend label::before { content: "☐ "; }
        #mesh { position: absolute; opacity: 0; }
        #mesh:checked ~ header label::before { content: "☑ "; }
        #mesh:focus-visible ~ header label { outline: 2px solid var(--accent); }
        #mesh:not(:checked) ~ main .mesh { display: none; }
        .key { display: inline-block; width: 1.6rem; margin: 0 0.3rem 0 1rem; vertical-align: middle;
          border-top: 3px solid var(--mesh); }
        .key.ghost { border-top: 3px dotted var(--ghost); }
        .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem;
          align-items: start; }
        figure { margin: 0; }
        .frame { position: relative; background: var(--rail); }
        .frame img, .frame svg { display: block; width: 100%; height: auto; }
        .frame svg { position: absolute; inset: 0; height: 100%; }
        figcaption { color: var(--faint); font-size: 0.9rem; }
        .mesh path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
        .mesh .dots { stroke: #fff; stroke-opacity: 0.6; stroke-width: 2; stroke-linecap: round; }
        .mesh .after { stroke: var(--mesh); stroke-width: 1.6; }
        .mesh .ghost { stroke: var(--ghost); stroke-width: 1.6; stroke-dasharray: 3 3; }
        .scroll { overflow-x: auto; margin: 0.75rem 0; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
        th, td { padding: 0.2rem 0.9rem 0.2rem 0; text-align: left; white-space: nowrap;
          border-bottom: 1px solid var(--line); }
        thead th { font-weight: normal; color: var(--faint); font-size: 0.9rem; }
        .bar { display: block; }
        .rail { fill: var(--rail); }
        .value { fill: var(--accent); }
        .floor, .mark { stroke: var(--text); stroke-width: 2; fill: none; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 22rem)); gap: 1rem; }
        .plot svg { display: block; width: 100%; height: auto; font-size: 11px; }
        .plot text { fill: var(--faint); }
        .edge { stroke: var(--line); stroke-width: 1; }
        circle.edge, .plot g rect.edge:not(.rail) { stroke: var(--text); }
        .axis { stroke: var(--line); fill: none; }
        .way { stroke: var(--text); stroke-width: 1.5; fill: none; }
        .sign { fill: none; stroke: var(--text); }
        """
}

extension [UInt8] {
    /// As RFC 4648 has it.
    var base64: String { Data(self).base64EncodedString() }
}
