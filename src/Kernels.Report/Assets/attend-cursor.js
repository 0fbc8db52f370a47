'use strict';
// The heat map's cell under the pointer or the arrow keys, and its numbers in words.
const AttendCursor = (() => {
  const [canvas, output, tip] = ['map', 'cell', 'tip'].map(id => document.getElementById(id));
  let now = null, box = null, cursor = null;

  function sentence(query, key) {
    const { view, weights, scores } = now, place = query * view.keys.length + key, seen = key < AttendMath.visible(view, query);
    return [
      AttendText.name(view.queries[query]), ' → ', AttendText.name(view.keys[key]), ' ',
      AttendText.make('b', { textContent: seen ? AttendText.weight(weights[place]) : 'masked' }),
      seen ? ` (q·k = ${scores[place].toFixed(2)})` : ' (a later token)',
    ];
  }

  function draw(next) {
    now = next ?? now;
    if (now === null) return;
    if (cursor !== null && (cursor.query >= now.view.queries.length || cursor.key >= now.view.keys.length)) cursor = null;
    box = AttendMap.draw(now, cursor);
    if (cursor === null) output.textContent = 'Hover over a cell, or focus the map and use the arrow keys.';
    else output.replaceChildren('Query ', ...sentence(cursor.query, cursor.key));
  }

  // Beside the pointer, inside the window.
  function show(event, query, key) {
    tip.replaceChildren(...sentence(query, key));
    tip.hidden = false;
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.max(4, event.clientY - tip.offsetHeight - 12)}px`;
  }
  const hide = () => { tip.hidden = true; };

  // A row can also be chosen beside its cells, where the key is -1.
  function at({ clientX, clientY }) {
    const area = canvas.getBoundingClientRect();
    const key = Math.floor((clientX - area.left - box.left) / box.cell), query = Math.floor((clientY - area.top - box.above) / box.cell);
    if (query < 0 || query >= now.view.queries.length) return null;
    return { query, key: key < now.view.keys.length ? Math.max(-1, key) : -1 };
  }

  function move(next) {
    cursor = next;
    draw();
  }

  function point(event) {
    const place = at(event);
    if (place === null || place.key < 0) { hide(); return; }
    if (place.query !== cursor?.query || place.key !== cursor?.key) move(place);
    show(event, place.query, place.key);
  }

  function press(event, choose) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === 'Enter' && cursor !== null) choose(cursor.query);
    if (step === undefined) return;
    event.preventDefault();
    const from = cursor ?? { query: now.query, key: 0 }, within = (value, count) => Math.max(0, Math.min(count - 1, value));
    move({ query: within(from.query + step[0], now.view.queries.length), key: within(from.key + step[1], now.view.keys.length) });
  }

  // From the page itself: it was perhaps sent alone.
  function save() {
    canvas.toBlob(blob => {
      const url = URL.createObjectURL(blob);
      AttendText.make('a', { href: url, download: `attention-${now.view.kind}-${now.layer + 1}-${now.head + 1}.png` }).click();
      URL.revokeObjectURL(url);
    });
  }

  function start(choose) {
    canvas.addEventListener('mousemove', point);
    canvas.addEventListener('mouseleave', () => { hide(); move(null); });
    canvas.addEventListener('click', event => { const place = at(event); if (place !== null) choose(place.query); });
    canvas.addEventListener('focus', () => {
      if (cursor === null && canvas.matches(':focus-visible')) move({ query: now.query, key: 0 });
    });
    canvas.addEventListener('blur', () => move(null));
    canvas.addEventListener('keydown', event => press(event, choose));
    new ResizeObserver(() => draw()).observe(canvas.parentElement);
    document.getElementById('save').addEventListener('click', save);
  }

  return { draw, start, show, hide };
})();
