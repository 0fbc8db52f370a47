'use strict';
// Arcs from queries to keys: back to the left, ahead to the right; between two texts lines from one column to the other.
const AttendArcs = (() => {
  const holder = document.getElementById('arcs'), most = 160;

  function make(name, attributes, parent) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent?.append(element);
    return element;
  }

  function label(svg, held, text, x, y, width, colour, chosen, click) {
    const group = make('g', { class: `label${chosen ? ' chosen' : ''}` }, svg);
    const [fill, ink] = colour === null ? ['none', AttendColours.named('ink')] : [AttendColours.css(colour), AttendColours.ink(colour)];
    make('rect', { x: x - width / 2, y: y - 9, width, height: 18, rx: 5, fill }, group);
    const words = make('text', { x, y: y + 0.5, fill: ink }, group);
    const signs = [...AttendText.token(text)];
    words.textContent = signs.join('');
    held.push([words, signs, width - 8]);
    if (click !== null) { group.classList.add('can'); group.addEventListener('click', click); }
  }

  // Where a text is too long for its place, once it can be measured.
  function shorten(held) {
    for (const [words, signs, room] of held) {
      while (signs.length > 1 && words.getComputedTextLength() > room) {
        signs.pop();
        words.textContent = `${signs.join('')}…`;
      }
    }
  }

  // All of the chosen query that are seen at all, and the strongest of the others.
  function pairs({ view, weights, query }) {
    const K = view.keys.length, own = [], rest = [];
    for (let place = 0; place < weights.length; place++) {
      const weight = weights[place], from = Math.floor(place / K), key = place % K;
      if (from === query ? weight >= 0.01 : weight >= 0.1) (from === query ? own : rest).push({ from, key, weight });
    }
    const strongest = list => list.sort((a, b) => b.weight - a.weight).slice(0, most).reverse();
    return [strongest(rest), strongest(own)];
  }

  // A long text scrolls, by keyboard too; the chosen query is in sight.
  function reveal(place) {
    const scrolls = holder.scrollHeight > holder.clientHeight, top = holder.scrollTop;
    if (scrolls) holder.tabIndex = 0; else holder.removeAttribute('tabindex');
    if (scrolls && (place < top || place > top + holder.clientHeight)) holder.scrollTop = place - holder.clientHeight / 2;
  }

  // Where everything is: one column of tokens, or one on each side.
  function places({ view }) {
    const cross = view.kind === 'cross', count = Math.max(view.queries.length, view.keys.length), pitch = count <= 40 ? 27 : 20;
    const width = Math.max(240, holder.clientWidth - 2), names = cross ? Math.min(110, width * 0.33) : Math.min(96, width * 0.32);
    const y = place => place * pitch + pitch / 2 + 4, space = (width - names) / 2 - 10;
    const side = (from, key) => cross ? width - names : width / 2 + (key < from ? -1 : 1) * (names / 2 + 2);
    const path = (from, key) => {
      if (cross) return `M${names} ${y(from)}C${width / 2} ${y(from)} ${width / 2} ${y(key)} ${width - names} ${y(key)}`;
      const x = side(from, key), reach = 12 + (space - 12) * Math.abs(from - key) / Math.max(1, count - 1);
      const turn = x + Math.sign(key - from) * reach * 1.3;
      return `M${x} ${y(from)}C${turn} ${y(from)} ${turn} ${y(key)} ${x} ${y(key)}`;
    };
    return { cross, width, height: count * pitch + 8, names, y, side, path };
  }

  function arcs(svg, { cross, y, side, path }, now) {
    pairs(now).forEach((list, own) => list.forEach(({ from, key, weight }) => {
      // A token's weight on itself is the colour of its label.
      if (!cross && from === key) return;
      const [width, opacity] = own ? [1 + 6 * weight, 0.35 + 0.65 * weight] : [0.5 + 3 * weight, 0.1 + 0.3 * weight];
      const looks = { class: own ? 'arc own' : 'arc', 'stroke-width': width.toFixed(2), 'stroke-opacity': opacity.toFixed(2) };
      const arc = make('path', { d: path(from, key), ...looks }, svg);
      arc.addEventListener('mousemove', event => AttendCursor.show(event, from, key));
      arc.addEventListener('mouseleave', AttendCursor.hide);
      if (own) make('circle', { cx: side(from, key), cy: y(key), r: (2 + 3 * weight).toFixed(2), class: 'end' }, svg);
    }));
  }

  function draw(now, choose) {
    const { view, weights, query, darkest } = now, box = places(now), { cross, width, height, names, y } = box, held = [];
    const name = `Arcs of ${now.name}; the table of weights has the same numbers`;
    const svg = make('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': name });
    arcs(svg, box, now);
    const share = key => weights[query * view.keys.length + key] / darkest[query];
    const shade = key => key < AttendMath.visible(view, query) ? AttendColours.at(share(key)) : null;
    if (cross) {
      view.queries.forEach((text, place) =>
        label(svg, held, text, names / 2, y(place), names - 4, null, place === query, () => choose(place)));
      view.keys.forEach((text, key) => label(svg, held, text, width - names / 2, y(key), names - 4, shade(key), false, null));
    } else {
      view.keys.forEach((text, key) => label(svg, held, text, width / 2, y(key), names - 4, shade(key), key === query, () => choose(key)));
    }
    holder.replaceChildren(svg);
    shorten(held);
    reveal(y(query));
    document.getElementById('arcs-text').textContent = cross
      ? 'Left the queries, right the keys. Orange: the chosen query; grey: the strongest of the others.'
      : 'Left: back to earlier tokens. Right: ahead to later ones. Orange: the chosen query; grey: the strongest of the others. '
        + 'A token’s weight on itself is its colour.';
  }

  return { draw };
})();
