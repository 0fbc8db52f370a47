'use strict';
// The choices above the answer, and the fragment of the address that keeps them: #section&operation=softmax&n=1024&length=…, so that a link
// leads to what its sender saw. The table of answers is the picker's data: headings with a name are choices, the others the answer.
const Link = (() => {
  const values = new Map(), readers = [];
  let place = '';
  function write() {
    const text = [place, new URLSearchParams([...values]).toString()].filter(part => part !== '').join('&');
    // On an opaque origin the address cannot change; the page works all the same.
    try { history.replaceState(null, '', text === '' ? location.pathname + location.search : `#${text}`); } catch { }
  }
  function read() {
    const parts = location.hash.slice(1).split('&'), given = [...new URLSearchParams(parts.filter(part => part.includes('=')).join('&'))];
    place = parts.find(part => part !== '' && !part.includes('=')) ?? '';
    for (const [name, value] of given) values.set(name, value);
    if (given.length > 0) for (const reader of readers) reader(values);
    if (place !== '') document.getElementById(place)?.scrollIntoView();
    write();
  }
  return {
    // The picker, made last, reads first: a tab may have been chosen after the shape.
    onRead(reader) { readers.unshift(reader); },
    replace(entries) { values.clear(); this.save(entries); },
    save(entries) { for (const [name, value] of entries) values.set(name, value); write(); },
    start() { if (location.hash !== '') read(); addEventListener('hashchange', read); },
  };
})();

function picker(showTab) {
  const table = document.getElementById('answers');
  if (table === null) return;
  const form = document.getElementById('picker'), answer = document.getElementById('answer');
  const headings = [...table.tHead.rows[0].cells], rows = [...table.tBodies[0].rows];
  const names = headings.map(heading => heading.dataset.pick).filter(name => name !== undefined);
  const texts = new Map(rows.map(row => [row, names.map((_, column) => row.cells[column].textContent.trim())]));
  const agree = (a, b, columns) => texts.get(a).slice(0, columns).every((text, column) => text === texts.get(b)[column]);
  const selects = names.map((name, column) => {
    const label = document.createElement('label'), select = document.createElement('select');
    label.append(headings[column].textContent, select);
    select.name = name;
    select.addEventListener('change', () => {
      // As much as possible of the later choices stays; otherwise the largest.
      const kept = row => texts.get(row).filter((text, later) => later > column && text === selects[later].value).length;
      const able = rows.filter(row => agree(row, chosen, column) && texts.get(row)[column] === select.value);
      pick(able.reduce((best, row) => kept(row) >= kept(best) ? row : best));
      Link.replace(names.map((other, index) => [other, texts.get(chosen)[index]]));
    });
    form.append(label);
    return select;
  });
  let chosen = rows.find(row => row.dataset.first !== undefined) ?? rows[0];

  function pick(row) {
    chosen = row;
    // A choice is offered where it was measured with those before it.
    selects.forEach((select, column) => {
      const able = [...new Set(rows.filter(other => agree(other, row, column)).map(other => texts.get(other)[column]))];
      select.replaceChildren(...able.map(text => new Option(text, text, false, text === texts.get(row)[column])));
      select.disabled = able.length < 2;
    });
    answer.replaceChildren(...headings.slice(names.length).map((heading, index) => {
      const tile = document.createElement('div'), what = document.createElement('div'), value = document.createElement('div');
      [tile.className, what.className, value.className] = ['tile', 'what', 'value'];
      what.textContent = heading.textContent;
      value.append(...[...row.cells[names.length + index].cloneNode(true).childNodes]);
      tile.append(what, value);
      return tile;
    }));
    if (row.dataset.tab) showTab(row.dataset.tab);
  }

  form.hidden = answer.hidden = false;
  form.addEventListener('submit', event => event.preventDefault());
  table.closest('details').open = false;
  Link.onRead(values => {
    let able = rows;
    names.forEach((name, column) => {
      const matching = able.filter(row => texts.get(row)[column] === values.get(name));
      if (matching.length > 0) able = matching;
    });
    if (names.some(name => values.has(name))) pick(able[0]);
  });
  pick(chosen);
}
