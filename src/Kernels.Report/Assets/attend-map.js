'use strict';
// The heat map of one head: queries downwards, keys to the right, sum and entropy beside each row.
const AttendMap = (() => {
  const canvas = document.getElementById('map');
  let now = null, box = null, cursor = null;
  const family = () => getComputedStyle(document.body).fontFamily;

  function fitting(context, text, room) {
    const signs = [...AttendText.token(text)];
    if (context.measureText(signs.join('')).width <= room) return signs.join('');
    while (signs.length > 1 && context.measureText(`${signs.join('')}…`).width > room) signs.pop();
    return `${signs.join('')}…`;
  }

  function measure(context, width) {
    const { queries, keys } = now.view, narrow = width < 440, room = narrow ? 62 : 104;
    context.font = `12px ${family()}`;
    const widest = tokens => Math.max(...tokens.map(text => context.measureText(fitting(context, text, room)).width));
    const left = Math.ceil(widest(queries)) + 9, right = narrow ? 82 : 94;
    const cell = Math.min(42, (width - left - right) / keys.length);
    const above = cell < 2 ? 20 : Math.max(22, Math.ceil(widest(keys) * 0.77) + 14);
    return { left, above, right, cell, room, size: Math.max(8, Math.min(12, cell * 0.86)), step: Math.max(1, Math.ceil(11 / cell)) };
  }

  // One pixel a cell, enlarged by the canvas; of cells smaller than a pixel, each pixel has the largest weight.
  function cells(context) {
    const { view, weights } = now, [Q, K] = [view.queries.length, view.keys.length];
    const fit = count => Math.min(count, Math.max(1, Math.floor(count * box.cell))), [rows, columns] = [fit(Q), fit(K)];
    const small = AttendText.make('canvas', { width: columns, height: rows });
    small.getContext('2d').putImageData(AttendColours.image(AttendMath.peaks(view, weights, rows, columns), columns, rows), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, box.left, box.above, K * box.cell, Q * box.cell);
  }

  function lines(context) {
    const { view } = now, [Q, K] = [view.queries.length, view.keys.length], { left, above, cell } = box;
    context.strokeStyle = AttendColours.named('surface');
    context.lineWidth = 1;
    context.beginPath();
    if (cell >= 7) {
      const line = (x, y, toX, toY) => { context.moveTo(x, y); context.lineTo(toX, toY); };
      for (let key = 1; key < K; key++) line(left + key * cell, above, left + key * cell, above + Q * cell);
      for (let query = 1; query < Q; query++) line(left, above + query * cell, left + K * cell, above + query * cell);
    }
    context.stroke();
    context.strokeStyle = AttendColours.named('frame');
    context.strokeRect(left - 0.5, above - 0.5, K * cell + 1, Q * cell + 1);
  }

  function numbers(context) {
    const { view, weights, darkest } = now, K = view.keys.length, { left, above, cell } = box;
    if (cell < 22) return;
    context.font = `${cell < 28 ? 9 : 11}px ${family()}`;
    context.textAlign = 'center';
    for (let query = 0; query < view.queries.length; query++) {
      for (let key = 0; key < AttendMath.visible(view, query); key++) {
        const weight = weights[query * K + key];
        if (weight < 0.095) continue;
        context.fillStyle = AttendColours.ink(AttendColours.at(weight / darkest[query]));
        context.fillText(AttendText.short(weight), left + (key + 0.5) * cell, above + (query + 0.5) * cell + 0.5);
      }
    }
  }

  function labels(context) {
    const { view, facts, query: chosen } = now, K = view.keys.length, { left, above, cell, room, size, step } = box;
    const font = (index, strong) => { context.font = `${index === strong ? 700 : 400} ${size}px ${family()}`; };
    const tone = (index, strong) => { context.fillStyle = AttendColours.named(index === strong ? 'flash' : 'ink'); };
    context.textAlign = 'right';
    view.queries.forEach((text, query) => {
      if (query % step !== 0 && query !== chosen) return;
      if (query % step === 0 && query !== chosen && Math.abs(query - chosen) < step) return;
      font(query, chosen); tone(query, chosen);
      const y = above + (query + 0.5) * cell;
      context.fillText(fitting(context, text, room), left - 7, y);
      context.font = `${Math.min(size, 10.5)}px ${family()}`;
      context.fillStyle = AttendColours.named('muted');
      context.fillText(facts[query].sum.toFixed(6), left + K * cell + box.right - 34, y);
      context.fillText(facts[query].entropy.toFixed(2), left + K * cell + box.right - 2, y);
    });
    context.font = `10.5px ${family()}`;
    context.fillText('sum', left + K * cell + box.right - 34, above - 9);
    context.fillText('bits', left + K * cell + box.right - 2, above - 9);
    context.textAlign = 'left';
    view.keys.forEach((text, key) => {
      if (key % step !== 0 || cell < 2) return;
      font(key, cursor?.key); tone(key, -1);
      context.save();
      context.translate(left + (key + 0.5) * cell, above - 7);
      context.rotate(-0.87);
      context.fillText(fitting(context, text, room), 0, 0);
      context.restore();
    });
  }

  function frames(context) {
    const K = now.view.keys.length, { left, above, cell } = box;
    context.lineWidth = 2;
    context.strokeStyle = AttendColours.named('flash');
    context.strokeRect(left - 1, above + now.query * cell - 1, K * cell + 2, Math.max(cell, 1) + 2);
    if (cursor === null) return;
    context.strokeStyle = AttendColours.named('ink');
    context.strokeRect(left + cursor.key * cell - 1, above + cursor.query * cell - 1, Math.max(cell, 2) + 1, Math.max(cell, 2) + 1);
  }

  // Returns where cells are.
  function draw(next, at) {
    [now, cursor] = [next, at];
    const width = Math.floor(canvas.parentElement.clientWidth), context = canvas.getContext('2d');
    box = measure(context, width);
    const height = Math.ceil(box.above + now.view.queries.length * box.cell + 4);
    // Twice as fine as a plain screen needs, for paper.
    const ratio = Math.max(2, devicePixelRatio);
    [canvas.width, canvas.height] = [Math.floor(width * ratio), Math.floor(height * ratio)];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textBaseline = 'middle';
    cells(context); lines(context); numbers(context); labels(context); frames(context);
    const size = `${now.view.queries.length} queries and ${now.view.keys.length} keys`;
    canvas.setAttribute('aria-label', `Heat map of ${now.name}, ${size}; arrow keys move from cell to cell, Enter makes the row the query`);
    return box;
  }

  return { draw };
})();
