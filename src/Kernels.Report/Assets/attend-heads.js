'use strict';
// All heads: small maps, and entropy and distance of each. Computed when they come near the window, a few milliseconds at a time.
const AttendHeads = (() => {
  const [grid, details, hint] = ['thumbs', 'head-table', 'thumbs-hint'].map(id => document.getElementById(id));
  const { make } = AttendText, slice = 12, finest = 64;
  let now = null, choose = null, buttons = [], results = [], waiting = [], near = false, running = false, shown = '';
  let sorting = { column: 0, sign: 1 };

  function paint(canvas, view, weights) {
    const [Q, K] = [view.queries.length, view.keys.length], [rows, columns] = [Math.min(Q, finest), Math.min(K, finest)];
    [canvas.width, canvas.height] = [columns, rows];
    canvas.getContext('2d').putImageData(AttendColours.image(AttendMath.peaks(view, weights, rows, columns), columns, rows), 0, 0);
  }

  function compute(index) {
    const heads = AttendMath.tensors(now.view).heads, layer = Math.floor(index / heads), head = index % heads;
    const weights = AttendMath.weights(now.view, AttendMath.scores(now.view, layer, head), now.multiple);
    results[index] = AttendMath.means(now.view.queries.map((_, query) => AttendMath.facts(now.view, weights, query)));
    const button = buttons[index], { entropy, distance } = results[index];
    paint(button.firstChild, now.view, weights);
    const place = now.view.kind === 'cross' ? '' : `, mean distance ${distance.toFixed(2)}`;
    const text = `${AttendText.nameHead(now.capture, layer, head)}: mean entropy ${entropy.toFixed(2)} bits${place}`;
    button.title = text[0].toUpperCase() + text.slice(1);
    button.setAttribute('aria-label', button.title);
    button.dataset.entropy = entropy;
    button.dataset.distance = distance;
  }

  function work(limit) {
    const end = performance.now() + limit;
    while (waiting.length > 0) {
      compute(waiting.shift());
      if (performance.now() > end) break;
    }
    if (waiting.length > 0) return false;
    grid.dataset.scale = now.multiple;
    table();
    return true;
  }

  function run() {
    if (running || !near || waiting.length === 0) return;
    running = true;
    setTimeout(() => { running = false; if (!work(slice)) run(); }, 0);
  }

  function build() {
    const { layers, heads } = AttendMath.tensors(now.view);
    grid.style.setProperty('--heads', heads);
    grid.replaceChildren(make('span'));
    for (let head = 0; head < heads; head++) grid.append(make('span', { className: 'axis', textContent: String(head + 1) }));
    buttons = [];
    for (let layer = 0; layer < layers; layer++) {
      grid.append(make('span', { className: 'axis', textContent: String(layer + 1) }));
      for (let head = 0; head < heads; head++) {
        const name = AttendText.nameHead(now.capture, layer, head);
        const map = make('canvas', { width: 1, height: 1 });
        const button = make('button', { type: 'button', className: 'thumb', title: name }, map);
        button.setAttribute('aria-label', name);
        button.addEventListener('click', () => choose({ layer, head }));
        buttons.push(button);
        grid.append(button);
      }
    }
    grid.style.setProperty('--shape', `${now.view.keys.length} / ${now.view.queries.length}`);
    hint.textContent = `Rows: layers 1 to ${layers}. Columns: heads 1 to ${heads}. Click on one to see it above; hover for its mean entropy`
      + (now.view.kind === 'cross' ? '.' : ' and mean distance.');
  }

  function table() {
    if (!details.open || results.length === 0) return;
    const { heads } = AttendMath.tensors(now.view);
    const number = (value, digits) => make('td', { className: 'n', textContent: value.toFixed(digits) });
    const names = ['Layer', 'Head', 'Mean entropy (bits)', 'Mean distance (tokens)'].slice(0, now.view.kind === 'cross' ? 3 : 4);
    const heading = (text, column) => {
      const button = make('button', { type: 'button', className: 'plain', textContent: text });
      const cell = make('th', { scope: 'col', className: 'n' }, button);
      if (column === sorting.column) cell.setAttribute('aria-sort', sorting.sign > 0 ? 'ascending' : 'descending');
      button.addEventListener('click', () => {
        sorting = { column, sign: column === sorting.column ? -sorting.sign : 1 };
        table();
      });
      return cell;
    };
    details.querySelector('thead').replaceChildren(make('tr', {}, ...names.map(heading)));
    const rows = results.map((facts, index) => [Math.floor(index / heads), index % heads, facts.entropy, facts.distance]);
    rows.sort((a, b) => sorting.sign * (a[sorting.column] - b[sorting.column]) || a[0] - b[0] || a[1] - b[1]);
    details.querySelector('tbody').replaceChildren(...rows.map(([layer, head, entropy, distance]) => {
      const row = make('tr', {}, number(layer + 1, 0), number(head + 1, 0), number(entropy, 4));
      if (names.length === 4) row.append(number(distance, 4));
      row.classList.toggle('chosen', layer === now.layer && head === now.head);
      row.addEventListener('click', () => choose({ layer, head }));
      return row;
    }));
  }

  function draw(next) {
    const key = `${next.captureIndex} ${next.view.kind}`, rebuilt = key !== shown;
    const stale = rebuilt || next.multiple !== now.multiple || next.theme !== now.theme;
    now = next;
    shown = key;
    if (rebuilt) { build(); results = []; }
    if (stale) { waiting = buttons.map((_, index) => index); delete grid.dataset.scale; run(); }
    const heads = AttendMath.tensors(now.view).heads;
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(index === now.layer * heads + now.head)));
    if (!stale) table();
  }

  function start(update) {
    choose = update;
    const want = () => { near = true; run(); };
    const look = entries => { if (entries.at(-1).isIntersecting) want(); else near = details.open; };
    new IntersectionObserver(look, { rootMargin: '300px' }).observe(grid);
    details.addEventListener('toggle', () => { if (details.open) { want(); if (waiting.length === 0) table(); } });
  }

  // For paper, which waits for nothing.
  const finish = () => { if (now !== null) work(Infinity); };

  return { draw, start, finish, paint };
})();
