#include "inspect/page/treemap.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/html.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "inspect/page/size_tree.h"
#include "inspect/size.h"

namespace tenon {

// A tile has the hue of the child of the root that it is part of; of a difference it is red where
// bytes came and blue where they went, which everybody can tell apart, and says so in words too.
const std::string_view treemap_style = R"css(
#path{display:flex;flex-wrap:wrap;gap:.2em .4em;padding:0;margin:.3em 0;list-style:none}
#path li{max-width:100%}
#path li+li::before{content:"\203a";padding-right:.4em;color:var(--soft)}
#path button,td button{font:inherit;color:var(--accent);background:none;border:0;padding:0;
 text-align:left;text-decoration:underline;cursor:pointer;overflow-wrap:anywhere}
#map{position:relative;height:clamp(16em,60vh,46em);background:var(--panel);
 border:1px solid var(--line);overflow:hidden}
.tile{position:absolute;overflow:hidden;margin:0;padding:2px 4px;text-align:left;display:flex;
 flex-direction:column;align-items:flex-start;justify-content:flex-start;font:12px/1.3
 system-ui,sans-serif;border:1px solid var(--paper);border-radius:2px;color:#16181b;
 background:hsl(var(--h) var(--s,48%) var(--l,80%))}
button.tile{cursor:pointer}
.tile:focus-visible{z-index:2;outline-offset:-3px;outline-color:#000}
.tile b,.tile span{display:block;max-width:100%;flex:none;white-space:nowrap;overflow:hidden;
 text-overflow:ellipsis}
.tile b{font-weight:600}
.tile .tile{max-width:none;padding:0 2px;font-size:11px;opacity:.92;border-color:#0003}
@media(prefers-color-scheme:dark){.tile{color:#f2f2f2;
 background:hsl(var(--h) var(--s,30%) var(--d,30%))}
 .tile:focus-visible{outline-color:#fff}.tile .tile{border-color:#fff3}}
#tools{display:flex;flex-wrap:wrap;gap:.6em 1em;align-items:center;margin:.6em 0}
#tools input{font:inherit;min-width:0;width:min(22em,100%);padding:.25em .5em;color:inherit;
 background:var(--panel);border:1px solid var(--line);border-radius:4px}
#tools button,#more{font:inherit;padding:.25em .8em;color:inherit;background:var(--panel);
 border:1px solid var(--line);border-radius:4px;cursor:pointer}
#list{border-collapse:collapse;width:100%}
#list caption{text-align:left;padding:.3em 0;color:var(--soft)}
#list th,#list td{text-align:left;vertical-align:top;padding:.2em .8em .2em 0;
 border-bottom:1px solid var(--line)}
#list td:first-child{overflow-wrap:anywhere;min-width:9em}
#list .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
#list meter{width:6em;vertical-align:middle}
@media(max-width:40em){#list .k,#list meter{display:none}}
)css";

const std::string_view treemap_script = R"js(
'use strict';
(() => {
const get = id => document.getElementById(id);
const tree = JSON.parse(get('tree').textContent);
const difference = tree.difference, root = tree.root;
const map = get('map'), path = get('path'), body = get('rows'), say = get('say');
const search = get('search'), more = get('more');
let here = root, shown = 200;

const make = (tag, text, cls) => {
  const out = document.createElement(tag);
  if (text !== undefined) out.textContent = text;
  if (cls) out.className = cls;
  return out;
};
const human = n => n < 10000 ? n + ' bytes' :
  n < 1e7 ? Math.floor(n / 1000) + ' kB' : (n / 1e6).toFixed(1) + ' MB';
const percent = (part, whole) => whole ? (100 * part / whole).toFixed(1) + ' %' : '';
const before = node => node.before || 0;
const delta = node => node.bytes - before(node);
const signed = n => (n > 0 ? '+' : n < 0 ? '\u2212' : '\u00b1') + human(Math.abs(n));
const change = node => !before(node) ? 'new' : !node.bytes ? 'gone' :
  (delta(node) >= 0 ? '+' : '\u2212') + percent(Math.abs(delta(node)), before(node));
const area = node => Math.max(node.bytes, before(node));
const children = node => node.children || [];

// Parents and hues, once.
const link = (node, parent, hue) => {
  node.parent = parent;
  node.hue = hue;
  children(node).forEach((child, i) => link(child, node, parent ? hue : (i * 67 + 205) % 360));
};
link(root, null, 210);

const words = node => {
  const facts = [node.name, node.kind];
  if (difference) {
    facts.push(human(before(node)) + ' to ' + human(node.bytes), signed(delta(node)), change(node));
  } else {
    facts.push(human(node.bytes), percent(node.bytes, root.bytes) + ' of all');
  }
  if (children(node).length) facts.push(children(node).length + ' parts');
  return facts.join(', ');
};

const paint = (tile, node) => {
  let hue = node.hue, s = '48%', l = '80%', d = '30%';
  if (node.kind === 'rest' || node.kind === 'data' || node.kind === 'section') s = '8%';
  if (difference) {
    const part = delta(node) / (area(node) || 1), strong = Math.min(1, Math.abs(part) * 2 + 0.25);
    hue = part > 0 ? 8 : 215;
    s = part ? Math.round(75 * strong) + '%' : '0%';
    l = part ? Math.round(86 - 18 * strong) + '%' : '85%';
    d = part ? Math.round(24 + 12 * strong) + '%' : '26%';
  }
  tile.style.setProperty('--h', hue);
  tile.style.setProperty('--s', s);
  tile.style.setProperty('--l', l);
  tile.style.setProperty('--d', d);
};

// Rows of tiles that are as square as they can be (Bruls, Huizing, van Wijk).
const squares = (nodes, x, y, w, h) => {
  const out = [];
  let sum = nodes.reduce((all, node) => all + area(node), 0), at = 0;
  while (at < nodes.length && sum > 0 && w > 0 && h > 0) {
    const side = Math.min(w, h), scale = w * h / sum;
    let row = 0, end = at, worst = Infinity;
    while (end < nodes.length) {
      const next = row + area(nodes[end]) * scale;
      const largest = area(nodes[at]) * scale, least = area(nodes[end]) * scale;
      const bad = Math.max(side * side * largest / (next * next),
        next * next / (side * side * least));
      if (end > at && bad > worst) break;
      worst = bad; row = next; end++;
    }
    const depth = row / side;
    let place = 0;
    for (; at < end; at++) {
      const length = area(nodes[at]) * scale / depth;
      out.push(w < h ? [nodes[at], x + place, y, length, depth] :
        [nodes[at], x, y + place, depth, length]);
      place += length;
      sum -= area(nodes[at]);
    }
    if (w < h) { y += depth; h -= depth; } else { x += depth; w -= depth; }
  }
  return out;
};

// In parts of what is around it, so that a tile stays inside when that becomes narrower.
const place = (tile, x, y, w, h, wide, high) => {
  const part = (length, all) => 100 * length / all + '%';
  Object.assign(tile.style, {left: part(x, wide), top: part(y, high), width: part(w, wide),
    height: part(h, high)});
};

const draw = () => {
  map.replaceChildren();
  const nodes = children(here).filter(area).sort((a, b) => area(b) - area(a));
  const tiles = squares(nodes, 0, 0, map.clientWidth, map.clientHeight);
  const seen = tiles.filter(tile => tile[3] >= 3 && tile[4] >= 3).slice(0, 600);
  seen.forEach(([node, x, y, w, h], i) => {
    const tile = make('button', undefined, 'tile');
    tile.type = 'button';
    tile.node = node;
    tile.tabIndex = i ? -1 : 0;
    tile.setAttribute('aria-label', words(node));
    tile.title = words(node);
    paint(tile, node);
    place(tile, x, y, w, h, map.clientWidth, map.clientHeight);
    if (w > 42 && h > 18) tile.append(make('b', node.name));
    if (w > 60 && h > 36) {
      tile.append(make('span', difference ? signed(delta(node)) + ' (' + change(node) + ')' :
        human(node.bytes) + ', ' + percent(node.bytes, here.bytes)));
    }
    if (w > 90 && h > 80) {
      const inner = children(node).filter(area).sort((a, b) => area(b) - area(a));
      for (const [child, cx, cy, cw, ch] of squares(inner, 3, 38, w - 8, h - 43)) {
        if (cw < 6 || ch < 6) continue;
        const small = make('span', cw > 46 && ch > 13 ? child.name : '', 'tile');
        small.setAttribute('aria-hidden', 'true');
        paint(small, child);
        place(small, cx, cy, cw, ch, w - 2, h - 2);
        tile.append(small);
      }
    }
    map.append(tile);
  });
  if (!map.firstChild) map.append(make('p', 'No parts.', 'soft'));
};

const row = (node, whole) => {
  const out = make('tr'), name = make('td');
  if (children(node).length) {
    const button = make('button', node.name);
    button.type = 'button';
    button.onclick = () => go(node, true);
    name.append(button);
  } else {
    name.textContent = node.name;
  }
  out.append(name, make('td', node.kind, 'k'));
  if (difference) {
    out.append(make('td', human(before(node)), 'n'), make('td', human(node.bytes), 'n'),
      make('td', signed(delta(node)), 'n'), make('td', change(node), 'n'));
  } else {
    const share = make('td', percent(node.bytes, whole) + ' ', 'n'), bar = make('meter');
    bar.max = whole || 1;
    bar.value = node.bytes;
    bar.setAttribute('aria-hidden', 'true');
    share.append(bar);
    out.append(make('td', human(node.bytes), 'n'), share);
  }
  return out;
};

const rank = node => difference ? Math.abs(delta(node)) : node.bytes;
const found = () => {
  const text = search.value.toLowerCase(), out = [], open = [root];
  if (!text) return null;
  while (open.length) {
    const node = open.pop();
    if (node !== root && node.name.toLowerCase().includes(text)) out.push(node);
    open.push(...children(node));
  }
  return out;
};

const list = () => {
  const hits = found(), nodes = (hits || children(here)).slice().sort((a, b) => rank(b) - rank(a));
  const whole = hits ? root.bytes : here.bytes;
  body.replaceChildren(...nodes.slice(0, shown).map(node => row(node, whole)));
  get('caption').textContent = hits ? hits.length + ' names with the text' :
    'Parts of ' + here.name + ', ' + words(here).slice(here.name.length + 2);
  more.hidden = nodes.length <= shown;
  more.textContent = 'Show ' + (nodes.length - shown) + ' more rows';
  if (hits) say.textContent = hits.length + ' found';
};

const crumbs = () => {
  const steps = [];
  for (let node = here; node; node = node.parent) steps.unshift(node);
  path.replaceChildren(...steps.map(node => {
    const item = make('li'), button = make('button', node.name);
    button.type = 'button';
    if (node === here) button.setAttribute('aria-current', 'page');
    button.onclick = () => go(node, true);
    item.append(button);
    return item;
  }));
};

const go = (node, focus) => {
  const from = here;
  here = node;
  shown = 200;
  search.value = '';
  crumbs(); draw(); list();
  get('up').disabled = !here.parent;
  say.textContent = words(here);
  if (!focus || !map.querySelector('button')) return;
  const tiles = [...map.querySelectorAll('button')];
  const tile = tiles.find(one => one.node === from) || tiles[0];
  tiles[0].tabIndex = -1;
  tile.tabIndex = 0;
  tile.focus();
};

// The next tile in a direction: the nearest one whose middle lies there.
const beside = (tile, dx, dy) => {
  const middle = one =>
    [one.offsetLeft + one.offsetWidth / 2, one.offsetTop + one.offsetHeight / 2];
  const [x, y] = middle(tile);
  let best = null, least = Infinity;
  for (const one of map.querySelectorAll('button')) {
    const [ox, oy] = middle(one), ahead = (ox - x) * dx + (oy - y) * dy;
    const across = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    if (ahead > 1 && ahead + 2 * across < least) { least = ahead + 2 * across; best = one; }
  }
  return best;
};

const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
map.addEventListener('keydown', event => {
  const tile = event.target;
  if (!tile.node) return;
  if (event.key === 'Escape' || event.key === 'Backspace') {
    if (here.parent) go(here.parent, true);
  } else if (moves[event.key]) {
    const next = beside(tile, ...moves[event.key]);
    if (next) { tile.tabIndex = -1; next.tabIndex = 0; next.focus(); }
  } else {
    return;
  }
  event.preventDefault();
});
map.addEventListener('click', event => {
  const tile = event.target.closest('button');
  if (!tile) return;
  if (children(tile.node).length) go(tile.node, true);
  else say.textContent = words(tile.node);
});
get('up').onclick = () => { if (here.parent) go(here.parent, false); };
search.oninput = () => { shown = 200; list(); };
more.onclick = () => { shown += 2000; list(); };
let timer = 0;
new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(draw, 50); }).observe(map);
go(root, false);
})();
)js";

std::string treemap_body(const SizeNode& root, bool difference, const LeftOut& left_out) {
  Data data = Data::object();
  data.add("difference", difference);
  data.add("root", tree_data(root, difference));
  const std::string_view columns =
      difference
          ? "<th scope=\"col\" class=\"n\">Before</th><th scope=\"col\" class=\"n\">After"
            "</th><th scope=\"col\" class=\"n\">Change</th><th scope=\"col\" class=\"n\">"
            "Percent</th>"
          : "<th scope=\"col\" class=\"n\">Size</th><th scope=\"col\" class=\"n\">Share</th>";
  std::string out =
      "<noscript><p>The map and its table are drawn by a script of this page; <code>tenon inspect "
      "--size</code> prints the same.</p></noscript>\n"
      "<nav aria-label=\"Path to the part shown\"><ol id=\"path\"></ol></nav>\n"
      "<div id=\"map\" role=\"group\" aria-label=\"Treemap: arrow keys move, Enter opens a part, "
      "Escape goes back; the table below lists the same\"></div>\n"
      "<p id=\"say\" role=\"status\" class=\"soft\"></p>\n"
      "<div id=\"tools\"><button id=\"up\" type=\"button\">Up</button>"
      "<input id=\"search\" type=\"search\" placeholder=\"Search names\" aria-label=\"Search "
      "names in all parts\"></div>\n"
      "<div class=\"wide\"><table id=\"list\"><caption id=\"caption\"></caption><thead><tr>"
      "<th scope=\"col\">Name</th><th scope=\"col\" class=\"k\">Kind</th>";
  out += columns;
  out +=
      "</tr></thead><tbody id=\"rows\"></tbody></table></div>\n"
      "<button id=\"more\" type=\"button\" hidden></button>\n";
  if (left_out.nodes > 0) {
    out += fmt::format(
        "<p id=\"left-out\">Left out of this page: {} small parts, {} together. Each stands in a "
        "row \"(N smaller)\" of its parent; tenon inspect --size --json lists all.</p>\n",
        left_out.nodes, html_text(bytes_text(left_out.bytes)));
  }
  return out + html_data("tree", render_data(data));
}

}  // namespace tenon
