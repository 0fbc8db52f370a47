'use strict';
// The state: what is chosen, what follows from it, and the order in which the parts are drawn.
(() => {
  const { data } = AttendMath, root = document.documentElement;
  const state = { capture: 0, view: null, layer: null, head: null, query: 0, multiple: 1, from: 0, to: 0 };
  let known = {}, theme = 0;

  const capture = () => data.captures[state.capture];
  const view = () => capture().views.find(each => each.kind === state.view) ?? capture().views[0];
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  // Scores of a head stay while only the scale moves.
  function compute() {
    const shown = view(), key = `${state.capture} ${shown.kind} ${state.layer} ${state.head}`;
    if (known.key !== key) known = { key, scores: AttendMath.scores(shown, state.layer, state.head) };
    const weights = AttendMath.weights(shown, known.scores, state.multiple);
    return {
      ...state, view: shown, capture: capture(), captureIndex: state.capture, scores: known.scores, weights, theme,
      facts: shown.queries.map((_, query) => AttendMath.facts(shown, weights, query)), darkest: AttendMath.darkest(shown, weights),
      name: AttendText.nameHead(capture(), state.layer, state.head),
    };
  }

  // What another text or view does not have falls back to what it has. Layer and head stay, so that texts can be compared.
  function settle(changes) {
    const before = view();
    Object.assign(state, changes);
    const shown = view(), { layers, heads } = AttendMath.tensors(shown);
    if (shown !== before) {
      if (!('from' in changes)) [state.from, state.to] = [shown.from, shown.to];
      if (!('query' in changes)) state.query = state.from;
    }
    state.view = shown.kind;
    state.from = clamp(state.from, 0, shown.queries.length - 1);
    state.query = clamp(state.query, 0, shown.queries.length - 1);
    state.to = clamp(state.to, 0, shown.keys.length - 1);
    if (state.layer === null || state.head === null) {
      const best = AttendMath.links(shown, state.from, state.to, state.multiple)
        .find(link => link.layer === (state.layer ?? link.layer) && link.head === (state.head ?? link.head));
      [state.layer, state.head] = [best?.layer ?? 0, best?.head ?? 0];
    }
    [state.layer, state.head] = [clamp(state.layer, 0, layers - 1), clamp(state.head, 0, heads - 1)];
  }

  function update(changes = {}) {
    settle(changes);
    const now = compute(), choose = query => update({ query });
    AttendControls.draw(now, update);
    AttendTokens.draw(now, choose);
    AttendCursor.draw(now);
    AttendArcs.draw(now, choose);
    AttendHeads.draw(now);
    AttendLink.draw(now);
    address();
  }

  // The address keeps what was chosen, so that it can be sent; layers, heads and tokens count from 1 there.
  function address() {
    const place = name => state[name] + 1;
    const values = {
      text: place('capture'), view: state.view, layer: place('layer'), head: place('head'), query: place('query'),
      scale: state.multiple, from: place('from'), to: place('to'),
    };
    history.replaceState(null, '', `#${new URLSearchParams(values)}`);
  }

  function begin() {
    const values = new URLSearchParams(location.hash.slice(1)), number = name => {
      const value = Number(values.get(name));
      return values.has(name) && Number.isFinite(value) ? value : null;
    };
    const index = name => number(name) === null ? null : Math.floor(number(name)) - 1;
    state.capture = clamp(index('text') ?? 0, 0, data.captures.length - 1);
    state.view = values.get('view') ?? data.start.view;
    [state.layer, state.head] = [index('layer') ?? data.start.layer, index('head') ?? data.start.head];
    state.multiple = clamp(number('scale') ?? data.start.multiple, AttendControls.lowest, AttendControls.highest);
    [state.from, state.to] = [index('from') ?? view().from, index('to') ?? view().to];
    update({ query: index('query') ?? state.from });
  }

  function themes() {
    const button = document.getElementById('theme'), system = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
    const read = () => { button.textContent = isDark() ? 'Light' : 'Dark'; theme++; AttendColours.read(); };
    const turn = to => { if (to === undefined) delete root.dataset.theme; else root.dataset.theme = to; read(); update(); };
    button.title = 'Switch between light and dark';
    button.addEventListener('click', () => turn(isDark() ? 'light' : 'dark'));
    system.addEventListener('change', () => turn(root.dataset.theme));
    // Paper is light, and has everything.
    let before;
    addEventListener('beforeprint', () => { before = root.dataset.theme; turn('light'); AttendHeads.finish(); });
    addEventListener('afterprint', () => turn(before));
    read();
  }

  // The width of the arcs is that of their column; a table that is wider than the window is scrolled with the keyboard.
  function watch() {
    const arcs = document.getElementById('arcs');
    let width = arcs.clientWidth;
    new ResizeObserver(() => { if (arcs.clientWidth !== width) { width = arcs.clientWidth; update(); } }).observe(arcs);
    for (const box of document.querySelectorAll('.scroll')) {
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', box.closest('section').querySelector('h2').textContent);
      const focus = () => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute('tabindex'); };
      new ResizeObserver(focus).observe(box);
    }
  }

  for (const part of [AttendControls, AttendTokens, AttendHeads, AttendLink]) part.start(update);
  AttendCursor.start(query => update({ query }));
  themes();
  begin();
  watch();
  root.dataset.ready = 'true';
})();
