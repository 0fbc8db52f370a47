'use strict';
// Which heads link one token to another: the ten with the largest weight, beside what else they look at, and the mean over all.
const AttendLink = (() => {
  const [from, to, text, table] = ['from', 'to', 'link-text', 'links'].map(id => document.getElementById(id));
  const { make } = AttendText, shown = 10, quoted = token => make('q', {}, AttendText.name(token));
  let now = null, choose = null, filled = '';

  function fill() {
    const key = `${now.captureIndex} ${now.view.kind}`;
    if (key !== filled) {
      filled = key;
      const option = (token, place) => make('option', { value: place, textContent: `${place + 1} · ${AttendText.token(token)}` });
      const options = tokens => tokens.map(option);
      from.replaceChildren(...options(now.view.queries));
      to.replaceChildren(...options(now.view.keys));
    }
    [from.value, to.value] = [now.from, now.to];
  }

  function row(link, index) {
    const name = AttendText.nameHead(now.capture, link.layer, link.head);
    const button = make('button', { type: 'button', textContent: name[0].toUpperCase() + name.slice(1) });
    const map = make('canvas', { className: 'small' });
    button.addEventListener('click', () => choose({ layer: link.layer, head: link.head, query: now.from }));
    let everyone = '–';
    // Whole heads of a long text take too long here.
    if (now.view.keys.length <= 64) {
      const weights = AttendMath.weights(now.view, AttendMath.scores(now.view, link.layer, link.head), now.multiple);
      AttendHeads.paint(map, now.view, weights);
      everyone = AttendText.weight(AttendMath.column(now.view, weights, now.to));
    }
    const bar = make('span', { className: 'bar-of' });
    bar.style.setProperty('--share', link.weight);
    const other = link.other < 0 ? ['none'] : [AttendText.name(now.view.keys[link.other]), ` ${AttendText.weight(link.otherWeight)}`];
    const line = make('tr', {},
      make('td', { className: 'n', textContent: String(index + 1) }), make('th', { scope: 'row' }, map, button),
      make('td', { className: 'weight' }, bar, make('span', { className: 'number', textContent: AttendText.weight(link.weight) })),
      make('td', {}, ...other), make('td', { className: 'n everyone', textContent: everyone }));
    line.classList.toggle('chosen', link.layer === now.layer && link.head === now.head);
    line.dataset.head = `${link.layer + 1}.${link.head + 1}`;
    return line;
  }

  function draw(next) {
    now = next;
    fill();
    const links = AttendMath.links(now.view, now.from, now.to, now.multiple), count = AttendMath.visible(now.view, now.from);
    const mean = links.reduce((sum, link) => sum + link.weight, 0) / links.length;
    const first = links.filter(link => link.weight > link.otherWeight).length;
    const [query, key] = [quoted(now.view.queries[now.from]), quoted(now.view.keys[now.to])];
    const heads = links.length === 1 ? 'the one head' : `all ${links.length} heads`;
    if (now.to >= count) {
      text.replaceChildren('The mask hides ', key, ' from ', query, ': it comes later.');
    } else {
      text.replaceChildren(
        'Mean over ', heads, ': ', make('b', { id: 'link-mean', textContent: AttendText.weight(mean) }),
        `; equal weights would be ${AttendText.weight(1 / count)}. In `,
        make('b', { textContent: `${first} of ${links.length}` }), ' ', key, ' is the strongest key of ', query, '.');
    }
    const titles = [['', 'n'], ['Head', ''], ['Weight', ''], ['Strongest other key', ''], ['Mean weight from all queries', 'n']];
    table.tHead.replaceChildren(make('tr', {}, ...titles.map(([title, className], index) => index === 0
      ? make('td', { className }) : make('th', { scope: 'col', className, textContent: title }))));
    table.tBodies[0].replaceChildren(...links.slice(0, shown).map(row));
  }

  function start(update) {
    choose = update;
    from.addEventListener('change', () => update({ from: Number(from.value), query: Number(from.value) }));
    to.addEventListener('change', () => update({ to: Number(to.value) }));
  }

  return { draw, start };
})();
