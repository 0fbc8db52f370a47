'use strict';
// The chosen query's weights: on the tokens, in a list, and of all rows in a table.
const AttendTokens = (() => {
  const { make } = AttendText, of = id => document.getElementById(id), [asking, asked] = [of('strip'), of('keys')];
  const manyTokens = 80, listed = 24;
  let built = '';

  // Where the queries are of another text, they have no weights.
  function build({ captureIndex, view }, choose) {
    const key = `${captureIndex} ${view.kind}`, cross = view.kind === 'cross';
    if (built === key) return;
    built = key;
    asking.replaceChildren(...view.queries.map((token, query) => {
      const button = make('button', { type: 'button', className: 'token' }, AttendText.name(token));
      if (!cross) button.append(make('small'));
      button.addEventListener('click', () => choose(query));
      return button;
    }));
    for (const id of ['keys', 'asking', 'asked']) of(id).hidden = !cross;
    const plain = token => make('span', { className: 'token' }, AttendText.name(token), make('small'));
    asked.replaceChildren(...cross ? view.keys.map(plain) : []);
    asking.classList.toggle('many', view.queries.length > manyTokens);
    asked.classList.toggle('many', view.keys.length > manyTokens);
    // It has nothing to focus, and may scroll.
    if (view.keys.length > manyTokens) asked.tabIndex = 0; else asked.removeAttribute('tabindex');
  }

  function press({ query }) {
    const inside = asking.contains(document.activeElement);
    [...asking.children].forEach((button, place) => {
      button.setAttribute('aria-pressed', String(place === query));
      // One stop for the tab key; arrows lead on.
      button.tabIndex = place === query ? 0 : -1;
    });
    const chosen = asking.children[query];
    if (inside) chosen.focus({ preventScroll: true });
    // In sight within its box, without moving the page.
    const top = chosen.offsetTop - asking.offsetTop;
    const above = top < asking.scrollTop, below = top + chosen.offsetHeight > asking.scrollTop + asking.clientHeight;
    if (above || below) asking.scrollTop = top - asking.clientHeight / 2;
  }

  function colour({ view, weights, query, darkest }) {
    const tokens = view.kind === 'cross' ? asked : asking, K = view.keys.length, count = AttendMath.visible(view, query);
    [...tokens.children].forEach((token, key) => {
      const weight = weights[query * K + key], seen = key < count, shade = AttendColours.at(weight / darkest[query]);
      token.classList.toggle('masked', !seen);
      token.style.background = seen ? AttendColours.css(shade) : '';
      token.style.color = seen ? AttendColours.ink(shade) : '';
      token.lastChild.textContent = !seen ? 'masked' : weight < 0.005 ? '0' : weight.toFixed(2);
      token.title = seen ? `${AttendText.token(view.keys[key])}: ${AttendText.weight(weight)}` : 'later tokens are masked';
    });
    for (const id of ['query-name', 'list-name']) of(id).replaceChildren(AttendText.name(view.queries[query]));
  }

  function facts({ view, facts, query }) {
    const { sum, entropy, distance } = facts[query], most = Math.log2(AttendMath.visible(view, query));
    const fact = (name, value, id) => make('span', {}, `${name} `, make('b', { id, textContent: value }));
    of('facts').replaceChildren(
      fact('sum of the weights', sum.toFixed(6), 'row-sum'),
      fact('entropy', `${entropy.toFixed(4)} bits`, 'row-entropy'), `of at most ${most.toFixed(2)}`,
      ...view.kind === 'cross' ? [] : [fact('mean distance', `${distance.toFixed(2)} tokens`, 'row-distance')]);
  }

  function item(view, key, weight, darkest) {
    const bar = make('span', { className: 'bar-of' }), place = make('span', { className: 'place', textContent: String(key + 1) });
    const number = make('span', { className: 'number', textContent: AttendText.weight(weight) });
    bar.style.setProperty('--share', weight / darkest);
    const line = make('li', {}, place, AttendText.name(view.keys[key]), bar, number);
    line.dataset.key = key;
    return line;
  }

  function list({ view, weights, query, darkest }) {
    const K = view.keys.length, count = AttendMath.visible(view, query), row = weights.subarray(query * K, query * K + count);
    const keys = [...row.keys()].sort((a, b) => row[b] - row[a]), rest = keys.slice(listed), masked = K - count;
    of('weights').replaceChildren(...keys.slice(0, listed).map(key => item(view, key, row[key], darkest[query])));
    of('weights-rest').textContent = [
      rest.length === 0 ? '' : `${rest.length} others: ${AttendText.weight(rest.reduce((sum, key) => sum + row[key], 0))} in sum.`,
      masked === 0 ? '' : `${masked} later ${masked === 1 ? 'token is' : 'tokens are'} masked.`,
    ].join(' ').trim();
  }

  function rows({ view, weights, facts }) {
    if (!of('rows').open) return;
    const K = view.keys.length, cross = view.kind === 'cross', number = textContent => make('td', { className: 'n', textContent });
    const titles = ['Sum of weights', 'Entropy (bits)', ...cross ? [] : ['Mean distance'], 'Its weight'];
    const headings = titles.map(textContent => make('th', { scope: 'col', className: 'n', textContent }));
    headings.splice(-1, 0, make('th', { scope: 'col', textContent: 'Strongest key' }));
    of('rows').querySelector('thead').replaceChildren(make('tr', {}, make('th', { scope: 'col', textContent: 'Query' }), ...headings));
    of('rows').querySelector('tbody').replaceChildren(...view.queries.map((token, query) => {
      const { sum, entropy, distance } = facts[query], row = weights.subarray(query * K, (query + 1) * K);
      const max = row.reduce((a, b) => Math.max(a, b), 0);
      const numbers = [sum.toFixed(6), entropy.toFixed(4), ...cross ? [] : [distance.toFixed(4)]].map(number);
      const strongest = make('td', {}, AttendText.name(view.keys[row.indexOf(max)]));
      const name = make('th', { scope: 'row' }, `${query + 1} · `, AttendText.name(token));
      return make('tr', {}, name, ...numbers, strongest, number(AttendText.weight(max)));
    }));
  }

  function draw(now, choose) {
    build(now, choose);
    press(now); colour(now); facts(now); list(now); rows(now);
  }

  function start(update) {
    asking.addEventListener('keydown', event => {
      const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key], tokens = [...asking.children];
      const at = tokens.indexOf(document.activeElement);
      if (step === undefined || at < 0) return;
      event.preventDefault();
      tokens[Math.max(0, Math.min(tokens.length - 1, at + step))].focus();
    });
    of('rows').addEventListener('toggle', () => update());
  }

  return { draw, start };
})();
