/** The style of the page: light and dark by the reader's setting or the toggle, one column on a phone, two where they fit. */
export const pageStyle: string = `
:root { color-scheme: light dark; --page: light-dark(#f6f6f3, #14151b); --panel: light-dark(#fff, #1b1d26); --ink: light-dark(#1c1e26, #eceef5);
  --soft: light-dark(#565a68, #a9adbd); --line: light-dark(#d6d6d0, #363a48); --mark: light-dark(#2a4190, #a8c5f7); --edge: light-dark(#767a88, #767b8d);
  --minus: light-dark(#a35a12, #e2944a); --chip: light-dark(#e6ebf7, #2b3350); --focus: light-dark(#c2410c, #ffb65c); }
:root[data-theme="light"] { color-scheme: light; } :root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: start; justify-content: space-between; }
header, main { padding: 1rem clamp(.75rem, 2vw, 2rem); } main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; padding-top: 0; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 0; } h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; } .intro, .model, small, .soft { color: var(--soft); } .intro, .model, .head-line > *, #detail p { overflow-wrap: anywhere; min-width: 0; } .intro { max-width: 75ch; } header > div { min-width: 0; } .quote { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 9rem; overflow: auto; margin: .5rem 0 0; max-width: 110ch; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem; min-width: 0; }
button, select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--edge); border-radius: .4rem; padding: .25rem .6rem; min-height: 2rem; max-width: 100%; }
button:hover:not(:disabled) { border-color: var(--mark); } button:disabled { color: var(--soft); border-style: dashed; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .6rem 0; } .pager { align-items: center; } .controls label { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 100%; color: var(--soft); font-size: .85rem; } .controls select { color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .5rem; font-size: .85rem; color: var(--soft); } .legend canvas { width: 9rem; height: .9rem; border: 1px solid var(--edge); } .legend .key { width: 1.4rem; margin-left: .6rem; }
.grid { display: grid; gap: .35rem; margin-top: .6rem; } .row { display: flex; flex-wrap: wrap; gap: .35rem; align-items: start; } .row > .name { flex: 0 0 100%; font-weight: 600; font-size: .85rem; overflow-wrap: anywhere; }
.thumb { display: grid; justify-items: center; gap: .1rem; width: 4.4rem; padding: .25rem; border-color: var(--line); border-radius: .4rem; font-size: .75rem; line-height: 1.2; }
.thumb canvas { width: 3.6rem; height: 3.6rem; image-rendering: pixelated; object-fit: contain; } .thumb span { max-width: 100%; max-height: 2.4em; overflow: hidden; text-align: center; overflow-wrap: anywhere; } .thumb[aria-selected="true"] { border-color: var(--mark); box-shadow: 0 0 0 2px var(--mark); }
.badge { color: var(--soft); min-height: 1.2em; }
#detail { display: grid; grid-template-columns: minmax(0, 1fr); gap: .7rem; align-content: start; } .head-line { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; } .matrix { position: relative; overflow: hidden; }
.matrix canvas { display: block; position: absolute; inset: 0; } .matrix canvas:first-child { position: relative; } .matrix [tabindex]:focus-visible { outline-offset: -3px; }
#tooltip { position: absolute; pointer-events: none; z-index: 2; background: var(--ink); color: var(--panel); padding: .3rem .5rem; border-radius: .35rem; font-size: .85rem; line-height: 1.35; max-width: 16rem; overflow-wrap: anywhere; }
.strip { display: flex; flex-wrap: wrap; gap: 2px; max-height: 10rem; overflow: auto; padding: 3px; font-size: .85rem; } .strip span { padding: 0 .25rem; border-radius: .2rem; border: 1px solid var(--line); cursor: pointer; white-space: pre; max-width: 12rem; overflow: hidden; text-overflow: ellipsis; unicode-bidi: isolate; } .strip .is-query { outline: 2px solid var(--focus); }
.chip { display: inline-block; background: var(--chip); border-radius: 1rem; padding: .05rem .6rem; overflow-wrap: break-word; max-width: 100%; } button.chip { border: 1px solid var(--edge); }
.token { unicode-bidi: isolate; } .scroll { overflow: auto; max-height: 32rem; margin-top: .5rem; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .88rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } thead th, thead td { position: sticky; top: 0; background: var(--panel); z-index: 1; } tbody th { font-weight: 600; unicode-bidi: isolate; overflow-wrap: break-word; max-width: 22rem; min-width: 4rem; }
td small { display: block; white-space: nowrap; } td.words { min-width: 14rem; max-width: 60ch; overflow-wrap: anywhere; } tr.is-chosen > * { background: var(--chip); }
td.bars { width: clamp(7rem, 30vw, 26rem); min-width: 7rem; padding-block: .45rem; } .bar { display: block; height: .9rem; width: calc(var(--share) * 100%); min-width: 1px; background: var(--mark); } .signed .bar { width: calc(var(--share) * 50%); margin-left: 50%; } .signed .bar.minus { background: var(--minus); margin-left: calc(50% - var(--share) * 50%); }
.domain { font-size: .8rem; color: var(--soft); } .domain div { display: flex; justify-content: space-between; gap: .5rem; } .notes { margin: .3rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; } .hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; } noscript p { border-left: 4px solid var(--minus); padding-left: .6rem; }
@media (min-width: 1000px) { .heads { display: grid; grid-template-columns: minmax(0, 1fr) minmax(26rem, 1fr); gap: 1rem; align-items: start; } #detail { position: sticky; top: .5rem; max-height: calc(100vh - 1rem); overflow: auto; } .row { flex-wrap: nowrap; } .row > .name { flex: 0 0 4.5rem; padding-top: .3rem; } .row > .cells { flex-wrap: wrap; display: flex; gap: .35rem; } }
@media (max-width: 999px) { .row > .cells { display: flex; flex-wrap: wrap; gap: .35rem; } .heads { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; } }
.side { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; } .pair { display: flex; flex-wrap: wrap; gap: .5rem 2rem; align-items: start; } .pair > * { min-width: 0; max-width: 100%; }
@media (min-width: 1000px) { .side { grid-template-columns: repeat(auto-fit, minmax(28rem, 1fr)); align-items: start; } }
@media (min-width: 1800px) { .thumb { width: 5.8rem; } .thumb canvas { width: 5rem; height: 5rem; } .heads { grid-template-columns: minmax(0, 1fr) minmax(26rem, .8fr); } }
@media (prefers-reduced-motion: no-preference) { .thumb, button { transition: border-color .15s, box-shadow .15s; } }
@media print { .controls, #tooltip, header button { display: none; } .scroll { max-height: none; } }
`;
