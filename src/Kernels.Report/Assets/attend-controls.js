'use strict';
// Choosers of text, view, layer, head and scale, and what stands beside them.
const AttendControls = (() => {
  const { data } = AttendMath, { make } = AttendText, of = id => document.getElementById(id);
  const views = { self: 'Self', causal: 'Causal', cross: 'Cross' }, lowest = Number(of('scale').min), highest = Number(of('scale').max);

  function options(select, text, count, name, chosen) {
    if (select.options.length !== count || select.dataset.text !== String(text)) {
      select.dataset.text = text;
      select.replaceChildren(...Array.from({ length: count }, (_, index) => make('option', { value: index, textContent: name(index) })));
    }
    select.value = chosen;
  }

  function segments(holder, items, chosen, choose) {
    const had = holder.contains(document.activeElement);
    holder.replaceChildren(...items.map(([value, text]) => {
      const button = make('button', { type: 'button' }, make('bdi', { textContent: text }));
      button.dataset.value = value;
      button.setAttribute('aria-pressed', String(value === chosen));
      button.addEventListener('click', () => choose(value));
      return button;
    }));
    if (had) holder.querySelector('[aria-pressed=true]')?.focus({ preventScroll: true });
  }

  function scale({ multiple }, d) {
    of('scale').value = multiple;
    of('scale').setAttribute('aria-valuetext', `${multiple.toFixed(2)} times 1/√${d}`);
    of('scale-value').textContent = `${multiple.toFixed(2)} × 1/√${d} = ${(multiple / Math.sqrt(d)).toFixed(4)}`;
  }

  // The colours in between are not at equal distances.
  function legend({ view }) {
    const texts = AttendMath.isLong(view) ? ['0', 'largest of its row'] : ['0', (0.5 ** (1 / data.power)).toFixed(2), '1'];
    of('legend').replaceChildren(...texts.map(textContent => make('span', { textContent })));
  }

  function draw(now, update) {
    const { capture, captureIndex, view } = now, { layers, heads, headDim } = AttendMath.tensors(view), names = capture.headNames;
    of('model').textContent = capture.model;
    of('source').textContent = capture.source;
    of('note').textContent = view.note;
    of('note').hidden = view.note === '';
    const titles = data.captures.map((each, index) => [index, each.title]);
    if (of('texts') !== null) segments(of('texts'), titles, captureIndex, text => update({ capture: text }));
    segments(of('views'), capture.views.map(each => [each.kind, views[each.kind]]), view.kind, kind => update({ view: kind }));
    options(of('layer'), captureIndex, layers, index => String(index + 1), now.layer);
    const named = index => names[index] === undefined || layers > 1 ? String(index + 1) : `${index + 1} · ${names[index]}`;
    options(of('head'), captureIndex, heads, named, now.head);
    of('mean-entropy').textContent = `${AttendMath.means(now.facts).entropy.toFixed(2)} bits`;
    of('head-name').textContent = now.name.replace('layer', 'Layer');
    scale(now, headDim);
    legend(now);
  }

  function start(update) {
    for (const form of document.querySelectorAll('form')) form.addEventListener('submit', event => event.preventDefault());
    of('layer').addEventListener('change', event => update({ layer: Number(event.target.value) }));
    of('head').addEventListener('change', event => update({ head: Number(event.target.value) }));
    of('scale').addEventListener('input', event => update({ multiple: Number(event.target.value) }));
    of('marks').replaceChildren(...[[lowest, `${lowest} flat`], [1, '1'], [highest, `${highest} peaky`]].map(([multiple, textContent]) => {
      const title = `${multiple} times 1/√d${multiple === 1 ? ', as trained' : ''}`;
      const button = make('button', { type: 'button', className: 'plain', textContent, title });
      button.style.setProperty('--at', (multiple - lowest) / (highest - lowest));
      button.addEventListener('click', () => update({ multiple }));
      return button;
    }));
  }

  return { draw, start, lowest, highest };
})();
