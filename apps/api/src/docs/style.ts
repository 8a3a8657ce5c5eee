/** The page's only style sheet: readable in light and dark, on a phone and in print. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--page:#fff;--panel:#f6f8fa;--link:#0b5cad;--get:#0b6e4f;--post:#8a4b08;--patch:#6b3fa0;--delete:#a11a2b}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--soft:#9aa7b5;--line:#2c3541;--page:#12171d;--panel:#1a2129;--link:#7ab8ff;--get:#5fd0a5;--post:#f0a860;--patch:#c3a0f0;--delete:#ff8b98}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;display:grid;grid-template-columns:19rem minmax(0,1fr);color:var(--ink);background:var(--page);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);background:var(--panel);font-size:.8125rem}
nav .home{display:block;margin-bottom:.75rem;color:var(--ink);font-size:1rem;font-weight:650}
nav p{margin:1.1rem 0 .25rem;color:var(--soft);font-weight:600}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:flex;gap:.5rem;padding:.12rem 0;overflow-wrap:anywhere;color:inherit}
nav .method{flex:none;width:2.9rem}
main{width:100%;max-width:58rem;padding:2.5rem 3rem 6rem}
h1{margin:0 0 1rem;font-size:1.9rem;line-height:1.2}h1 small{color:var(--soft);font-size:1rem;font-weight:400}
h2{margin:3.5rem 0 1rem;padding-bottom:.35rem;border-bottom:1px solid var(--line);font-size:1.35rem}
h3{margin:0 0 .4rem;font-size:1.02rem;overflow-wrap:anywhere}h4{margin:1rem 0 .3rem;font-size:.9rem}
article{margin:1.75rem 0;padding-top:.25rem}article p{margin:.25rem 0}
.method{font:600 .75rem/1.7 ui-monospace,SFMono-Regular,Menlo,monospace;text-transform:uppercase}
.get{color:var(--get)}.post{color:var(--post)}.patch{color:var(--patch)}.delete{color:var(--delete)}
.facts{display:flex;flex-wrap:wrap;gap:.4rem;color:var(--soft);font-size:.8125rem}
.facts span{padding:.05rem .5rem;border:1px solid var(--line);border-radius:1rem}
.must{color:var(--post);font-size:.75rem}
table{width:100%;margin:.6rem 0;border-collapse:collapse;font-size:.875rem}
th,td{padding:.35rem .6rem .35rem 0;border-top:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
th{width:30%}td:last-child{color:var(--soft)}small{color:var(--soft)}
pre{margin:.6rem 0;padding:.75rem .9rem;overflow:auto;border:1px solid var(--line);border-radius:.4rem;background:var(--panel);line-height:1.45}
details{margin-top:.5rem}summary{cursor:pointer;color:var(--link);font-size:.875rem}
dl{margin:.5rem 0}dt{margin-top:.6rem;font-weight:600}dd{margin:0 0 0 1rem;font-size:.9rem}
tr:target,article:target h3{background:color-mix(in srgb,var(--link) 14%,transparent)}
@media(max-width:60rem){body{display:block}nav{position:static;height:auto;max-height:40vh;border-right:0;border-bottom:1px solid var(--line)}main{padding:1.5rem 1.1rem 4rem}}
@media print{nav{display:none}body{display:block}}
`;
