'use strict';
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  root.classList.add('scripted');

  function themeToggle() {
    const button = document.getElementById('theme');
    const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () => (root.dataset.theme ?? (systemIsDark.matches ? 'dark' : 'light')) === 'dark';
    const show = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
    button.hidden = false;
    button.title = 'Switch between light and dark';
    button.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; show(); Charts.redraw(); });
    systemIsDark.addEventListener('change', () => { show(); Charts.redraw(); });
    show();
  }

  // Sweeps and thread counts one at a time, on paper too; without the script all are shown one below the other.
  const shown = [];
  function tabs(container) {
    const panels = all(':scope > .panel', container);
    if (panels.length < 2) return;
    const bar = document.createElement('div');
    bar.className = 'tabs';
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', container.dataset.tabs);
    const choose = chosen => panels.forEach((panel, index) => {
      panel.hidden = panel !== chosen;
      bar.children[index].setAttribute('aria-pressed', String(panel === chosen));
    });
    for (const panel of panels) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = panel.dataset.tab;
      button.addEventListener('click', () => { choose(panel); Link.save([[container.closest('section').id, panel.dataset.tab]]); });
      bar.append(button);
    }
    container.prepend(bar);
    choose(panels[0]);
    const section = container.closest('section').id, named = name => panels.find(panel => panel.dataset.tab === name);
    shown.push(name => { if (named(name) !== undefined) choose(named(name)); });
    Link.onRead(values => { if (named(values.get(section)) !== undefined) choose(named(values.get(section))); });
  }

  function legend() {
    const every = document.getElementById('every');
    if (every !== null && Charts.hasMany) {
      every.closest('p').hidden = false;
      every.addEventListener('click', () => every.setAttribute('aria-pressed', String(Charts.toggleEvery())));
    }
    for (const label of all('[data-legend]')) {
      const box = label.querySelector('input'), kernel = label.dataset.legend;
      box.hidden = false;
      box.addEventListener('change', () => Charts.show([kernel], box.checked));
      label.addEventListener('mouseenter', () => Charts.focus(kernel));
      label.addEventListener('mouseleave', () => Charts.focus(null));
    }
    for (const family of all('.family')) {
      const name = family.querySelector('b');
      name.title = 'Show or hide this family';
      name.addEventListener('click', () => {
        const boxes = all('input', family);
        const show = boxes.some(box => !box.checked);
        for (const box of boxes) box.checked = show;
        Charts.show(boxes.map(box => box.closest('label').dataset.legend), show);
      });
    }
  }

  function sortable(table) {
    const headings = all('thead th', table);
    const key = (row, column) => {
      const cell = row.cells[column];
      if (cell.dataset.v === undefined) return cell.textContent.trim();
      return cell.dataset.v === '' ? null : Number(cell.dataset.v);
    };
    // What is missing goes to the end, whichever way the rest is sorted.
    const compare = (a, b, sign) =>
      a === b ? 0 : a === null ? 1 : b === null ? -1
        : sign * (typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true }));
    headings.forEach((heading, column) => {
      const sort = () => {
        const ascending = heading.getAttribute('aria-sort') !== 'ascending';
        for (const other of headings) other.removeAttribute('aria-sort');
        heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(key(a, column), key(b, column), ascending ? 1 : -1));
        table.tBodies[0].append(...rows);
      };
      heading.tabIndex = 0;
      heading.addEventListener('click', sort);
      heading.addEventListener('keydown', event => { if (event.key === 'Enter') sort(); });
    });
  }

  function filter() {
    const box = document.getElementById('filter'), table = document.getElementById('all');
    if (box === null) return;
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map(row => `${row.dataset.search} ${row.textContent}`.toLowerCase());
    const count = box.querySelector('output');
    box.hidden = false;
    box.querySelector('input').addEventListener('input', event => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(word => word !== '');
      let shown = 0;
      rows.forEach((row, index) => {
        row.hidden = !words.every(word => texts[index].includes(word));
        if (!row.hidden) shown++;
      });
      count.textContent = words.length === 0 ? '' : `${shown} of ${rows.length}`;
    });
    const save = document.getElementById('save');
    save.hidden = false;
    save.addEventListener('click', () => saveRows(table));
  }

  // From the page itself, which may have been sent without results.csv.
  function saveRows(table) {
    const field = cell => `"${(cell.dataset.v ?? cell.textContent).trim().replaceAll('"', '""')}"`;
    const lines = [...table.rows].filter(row => !row.hidden).map(row => [...row.cells].map(field).join(',') + '\r\n');
    const url = URL.createObjectURL(new Blob(lines, { type: 'text/csv' }));
    Object.assign(document.createElement('a'), { href: url, download: 'cases.csv' }).click();
    URL.revokeObjectURL(url);
  }

  // A table that is wider than the window can be scrolled with the keyboard, and its edge is shaded.
  function scrollable(box) {
    const update = () => {
      const left = box.scrollWidth - box.clientWidth - box.scrollLeft;
      box.classList.toggle('more', left > 2);
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0; else box.removeAttribute('tabindex');
    };
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', box.closest('section').querySelector('h2').textContent);
    box.addEventListener('scroll', update, { passive: true });
    new ResizeObserver(update).observe(box);
  }

  // What was not measured has no section.
  for (const link of all('nav a')) if (document.querySelector(link.hash) === null) link.remove();
  themeToggle();
  all('.tabbed').forEach(tabs);
  // Before the tabs of the fragment, which a reader may have chosen after the shape.
  picker(name => shown.forEach(show => show(name)));
  legend();
  all('table.sortable').forEach(sortable);
  filter();
  all('.scroll').forEach(scrollable);
  Link.start();
  root.dataset.ready = 'true';
})();
