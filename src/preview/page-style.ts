/** The page's looks: the host's own fonts and colours, light or dark as the reader has it, one column on a phone. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #d0d5d9; --good: #1b6e20; --left: #8a5a00; --quiet: #5d666d; --mark: #d7f0d8;
  --paper: #f6f7f8; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d4449; --good: #7fd486; --left: #e6b55c; --quiet: #9aa4ab; --mark: #1e4a22; --paper: #1d2124; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p { margin: .1rem 0; }
header { border-bottom: 1px solid var(--line); padding-bottom: .75rem; margin-bottom: 1rem; }
main { display: grid; grid-template-columns: minmax(16rem, 1fr) minmax(0, 3fr); gap: 2rem; }
.tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.tree ul { padding-left: .9rem; border-left: 1px solid var(--line); margin-left: .3rem; }
.tree li { padding: .3rem 0; }
.good { color: var(--good); }
.left { color: var(--left); }
.quiet { color: var(--quiet); font-size: .9rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--quiet); font-size: .9rem; }
.summary { font-weight: 600; }
.text, iframe { width: 100%; border: 1px solid var(--line); border-radius: .3rem; margin: 0; }
.text { display: flex; flex-direction: column-reverse; max-height: 18rem; overflow: auto; background: var(--paper); }
pre { margin: 0; padding: .6rem; white-space: pre-wrap; }
iframe { max-height: 85vh; background: #fff; resize: vertical; overflow: auto; color-scheme: light; }
mark { background: var(--mark); color: inherit; }
@media (max-width: 48rem) { main, .pair { grid-template-columns: minmax(0, 1fr); } }
`;

/**
 * In a frame, before what the message brings. It scrolls to what is marked: where `scroll-initial-target` is not known,
 * by snapping to it for a moment, so that whoever looks at it can scroll away.
 */
export const FRAME_STYLE = `
html { background: #fff; color: #000; color-scheme: light; }
[data-amime-shown] { scroll-initial-target: nearest; scroll-margin: 1rem; }
@supports not (scroll-initial-target: nearest) {
  html { scroll-snap-type: y mandatory; animation: amime-free 1s 1s forwards; }
  [data-amime-shown] { scroll-snap-align: end; }
  @keyframes amime-free { to { scroll-snap-type: none; } }
}
`;
