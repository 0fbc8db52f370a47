'use strict';
// Draws the charts of the page with ECharts, from the data in it. Axes are linear in what is drawn: logarithms are taken here, so that
// ticks can be those of the pictures.
const Charts = (() => {
  const MarkerSize = 9, NarrowWidth = 640, ManyLines = 10;
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const elements = [...document.querySelectorAll('[data-chart]')];
  const hidden = new Set(), wanted = new Set();
  let every = false;

  const colour = role => getComputedStyle(root).getPropertyValue(`--${role}`).trim();
  const at = (axis, value) => axis.isLogarithmic ? Math.log10(value) : value;
  // In saved SVG files it stands inside double quotes.
  const family = getComputedStyle(document.body).fontFamily.replaceAll('"', "'");
  const font = size => ({ fontSize: size, fontFamily: family });
  const measure = document.createElement('canvas').getContext('2d');
  function width(text, size) {
    measure.font = `600 ${size}px ${family}`;
    return measure.measureText(text).width;
  }

  // Whole levels of ticks, the important ones first, as long as they are far enough apart: as in the pictures.
  function fitting(axis, low, high, pixels, space) {
    const least = space * (high - low) / pixels, levels = new Map();
    let ticks = [];
    for (const tick of axis.ticks) {
      const place = at(axis, tick.value);
      if (place < low || place > high) continue;
      if (!levels.has(tick.level)) levels.set(tick.level, []);
      levels.get(tick.level).push({ place, text: tick.text });
    }
    for (const level of [...levels.keys()].sort((a, b) => a - b)) {
      const more = [...ticks, ...levels.get(level)].sort((a, b) => a.place - b.place);
      if (more.every((tick, index) => index === 0 || tick.place - more[index - 1].place >= least)) ticks = more;
    }
    return ticks;
  }

  function axis(spec, low, high, pixels, space) {
    const ticks = fitting(spec, low, high, pixels, space), places = ticks.map(tick => tick.place);
    const text = value => ticks.reduce((best, tick) => Math.abs(tick.place - value) < Math.abs(best.place - value) ? tick : best, ticks[0])?.text ?? '';
    return {
      type: 'value', min: low, max: high, name: spec.title, nameLocation: 'middle', nameTextStyle: { color: colour('ink'), ...font(12) },
      axisLabel: { customValues: places, formatter: text, color: colour('muted'), ...font(12) },
      axisTick: { show: false, customValues: places },
      splitLine: { show: true, lineStyle: { color: colour('grid') } },
      axisLine: { show: true, onZero: false, lineStyle: { color: colour('frame') } },
    };
  }

  function common() {
    return {
      animation: false,
      tooltip: {
        trigger: 'item', confine: true, backgroundColor: colour('surface'), borderColor: colour('frame'),
        textStyle: { color: colour('ink'), ...font(13) }, formatter: hover => hintOf(hover.data?.hint),
      },
    };
  }

  // An element, so that no name becomes markup.
  function hintOf(hint) {
    const text = typeof hint === 'number' ? data.hints[hint] : hint;
    if (text === undefined) return '';
    const box = document.createElement('div');
    box.className = 'hover';
    box.textContent = text;
    return box;
  }

  function isShown(line, count) {
    if (line.kernel == null) return true;
    return !hidden.has(line.kernel) && (every || count <= ManyLines || !line.isFaint || wanted.has(line.kernel));
  }

  function style(spec) {
    return { color: colour(spec.hollow ? 'surface' : spec.paint), borderColor: colour(spec.paint), borderWidth: 1.5 };
  }

  function symbol(spec) { return `path://${data.markers[spec.marker]}`; }

  // The highest lie behind: each area is covered by those below it, on a ground of its own.
  function area(line, index, count) {
    return { z: 3 - index / count, areaStyle: { color: mixed(colour(line.style.paint), colour('surface'), 0.35), opacity: 1, origin: 'start' } };
  }

  function mixed(front, back, share) {
    const parts = text => [1, 3, 5].map(at_ => parseInt(text.slice(at_, at_ + 2), 16));
    const [a, b] = [parts(front), parts(back)];
    return `rgb(${a.map((value, index) => Math.round(value * share + b[index] * (1 - share))).join(',')})`;
  }

  function lines(spec, element) {
    const isWide = element.clientWidth >= NarrowWidth;
    const shown = spec.series.filter(line => isShown(line, spec.series.length));
    const labels = shown.map(line => width(line.label, 11.5));
    const grid = { left: 78, right: isWide ? 48 + Math.max(0, ...labels) : 14, top: 26, bottom: 52 };
    const { horizontal, vertical } = spec;
    const [low, high] = range(spec, shown);
    const [left, right] = [at(horizontal, horizontal.low), at(horizontal, horizontal.high)];
    const pixels = { x: element.clientWidth - grid.left - grid.right, y: element.clientHeight - grid.top - grid.bottom };
    const point = (x, y) => [at(horizontal, x), at(vertical, y)];
    const series = shown.map((line, index) => ({
      type: 'line', id: `line-${index}`, name: line.kernel ?? line.label, symbol: symbol(line.style), symbolSize: MarkerSize,
      symbolKeepAspect: true, showAllSymbol: true, clip: true, z: line.isFaint ? 2 : 3,
      data: line.points.map(point_ => ({ value: point(point_.x, point_.value), hint: point_.hint })),
      itemStyle: style(line.style),
      ...(spec.isStacked ? area(line, index, shown.length) : {}),
      lineStyle: {
        color: colour(line.style.paint), width: line.isFaint ? 1.2 : 2.2, opacity: line.isFaint ? 0.6 : 1,
        type: line.style.dashes.length > 0 ? line.style.dashes : 'solid',
      },
      emphasis: { focus: 'series', lineStyle: { width: 3 } }, blur: { itemStyle: { opacity: 0.12 }, lineStyle: { opacity: 0.12 } },
    }));
    return {
      ...common(), grid,
      xAxis: { ...axis(horizontal, left, right, pixels.x, 44), nameGap: 30 },
      yAxis: { ...axis(vertical, low, high, pixels.y, 22), nameGap: 56 },
      toolbox: {
        right: isWide ? grid.right : 8, top: 2, itemSize: 13, iconStyle: { borderColor: colour('muted') },
        feature: { dataZoom: { filterMode: 'none', title: { zoom: 'Zoom: draw a box', back: 'Zoom back' } }, restore: { title: 'Whole chart' } },
      },
      dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, moveOnMouseWheel: false },
        { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, moveOnMouseWheel: false }],
      series: [...series, intervals(shown, point), ...marks(spec, point, pixels.x - 12, x => (at(horizontal, x) - left) / (right - left) * pixels.x), ...(isWide ? [ends(shown, point, element.clientWidth - grid.right)] : [])],
    };
  }

  // With some lines hidden, the others fill the chart, unless it has ceilings.
  function range(spec, shown) {
    const { vertical } = spec;
    const all = [at(vertical, vertical.low), at(vertical, vertical.high)];
    if (!vertical.isLogarithmic || spec.marks.length > 0 || shown.length === 0) return all;
    const points = shown.flatMap(line => line.points);
    const low = Math.min(...points.map(point => at(vertical, point.low))), high = Math.max(...points.map(point => at(vertical, point.high)));
    const margin = Math.max(0.1, 0.05 * (high - low));
    return [Math.max(all[0], low - margin), Math.min(all[1], high + margin)];
  }

  function whisker(from, to, stroke) {
    const across = from[0] === to[0] ? [6, 0] : [0, 6];
    const stroked = (a, b) => ({ type: 'line', shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke, lineWidth: 1.2 } });
    if (Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1]) <= MarkerSize) return [];
    return [stroked(from, to), ...[from, to].map(end => stroked([end[0] - across[0], end[1] - across[1]], [end[0] + across[0], end[1] + across[1]]))];
  }

  function intervals(shown, point) {
    const points = shown.flatMap(line => line.points.map(p => ({ low: point(p.x, p.low), high: point(p.x, p.high), role: line.style.paint })));
    return {
      type: 'custom', id: 'intervals', silent: true, clip: true, z: 1, data: points.map(p => [...p.low, p.high[1]]),
      renderItem: (params, api) => ({
        type: 'group',
        children: whisker(
          api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)]), colour(points[params.dataIndex].role)),
      }),
    };
  }

  // A column of labels beside the lines, as near to their ends as possible without overlap.
  function ends(shown, point, right) {
    const last = shown.map(line => point(line.points.at(-1).x, line.points.at(-1).value));
    return {
      type: 'custom', id: 'labels', silent: true, clip: false, z: 5, data: last,
      renderItem: (params, api) => {
        const line = shown[params.dataIndex], stroke = colour(line.style.paint), box = params.coordSys;
        const inside = y => Math.min(Math.max(y, box.y), box.y + box.height);
        const y = places(last.map(end => inside(api.coord(end)[1])), 15, box.y, box.y + box.height - 4)[params.dataIndex];
        const [fromX, fromY] = api.coord(last[params.dataIndex]), x = right + 34;
        const dots = { stroke, lineWidth: 1, lineDash: [1, 2], opacity: 0.75, fill: null };
        const leader = { type: 'polyline', shape: { points: [[Math.min(fromX + 7, right), inside(fromY)], [right + 6, inside(fromY)], [x - 8, y]] }, style: dots };
        const text = {
          type: 'text', style: { x: x + 10, y, text: line.label, fill: stroke, verticalAlign: 'middle', ...font(11.5), fontWeight: line.isFaint ? 400 : 600 },
        };
        return { type: 'group', children: [leader, marker(line.style, x, y), text].map(child => ({ ...child, blur: { style: { opacity: 1 } } })) };
      },
    };
  }

  // Isotonic regression by pooling, as in the pictures: places at least a gap apart with the least squared distance to the wanted ones.
  function places(wanted, gap, top, bottom) {
    const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]), pools = [], placed = [];
    const mean = pool => pool.sum / pool.count;
    order.forEach((index, rank) => {
      pools.push({ sum: wanted[index] - rank * gap, count: 1 });
      while (pools.length > 1 && mean(pools.at(-2)) > mean(pools.at(-1))) {
        const { sum, count } = pools.pop();
        pools.at(-1).sum += sum;
        pools.at(-1).count += count;
      }
    });
    const end = Math.max(top, bottom - (order.length - 1) * gap);
    let next = 0;
    for (const pool of pools) {
      for (let member = 0; member < pool.count; member++, next++) placed[order[next]] = Math.min(Math.max(mean(pool), top), end) + next * gap;
    }
    return placed;
  }

  function marker(spec, x, y) {
    return {
      type: 'path', shape: { pathData: data.markers[spec.marker] }, x, y,
      style: { fill: colour(spec.hollow ? 'surface' : spec.paint), stroke: colour(spec.paint), lineWidth: 1.5 },
    };
  }

  function marks(spec, point, most, across) {
    const looks = {
      Strong: { color: colour('ink'), width: 2, type: 'solid' }, Thin: { color: colour('muted'), width: 1.4, type: 'solid' },
      Guide: { color: colour('frame'), width: 1, type: [2, 4] },
    };
    // The label of a guide near the right edge is on its left; one without space for its label has none.
    let free = 0;
    const half = mark => width(mark.text, 11.5) / 2, isNearEdge = mark => mark.weight === 'Guide' && across(mark.fromX) + half(mark) > most + 16;
    const labelOf = mark => {
      if (mark.weight !== 'Guide') return mark.text;
      const middle = across(mark.fromX) - (isNearEdge(mark) ? half(mark) : 0);
      if (middle - half(mark) < free) return '';
      free = middle + half(mark) + 4;
      return mark.text;
    };
    const position = mark => mark.weight === 'Guide' ? 'end' : mark.fromY === mark.toY && !mark.labelFirst ? 'insideEndTop' : 'insideStartTop';
    if (spec.marks.length === 0) return [];
    return [{
      type: 'line', id: 'marks', data: [], silent: true, z: 4,
      markLine: {
        silent: true, symbol: 'none', animation: false,
        data: spec.marks.map(mark => [{
          coord: point(mark.fromX, mark.fromY), lineStyle: looks[mark.weight],
          label: {
            formatter: labelOf(mark), position: position(mark), align: isNearEdge(mark) ? 'right' : undefined,
            color: colour(mark.weight === 'Strong' ? 'ink' : 'muted'),
            textBorderColor: colour('surface'), textBorderWidth: 3, distance: mark.weight === 'Guide' ? -14 : undefined, ...font(11.5),
            width: most, overflow: 'truncate',
          },
        }, { coord: point(mark.toX, mark.toY) }]),
      },
    }];
  }

  // Longer texts end with an ellipsis, as in the pictures.
  function wrap(text, most) {
    const lines = [''];
    for (const word of text.split(' ')) {
      const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
      if (width(longer, 11.5) <= most) lines[lines.length - 1] = longer; else lines.push(word);
    }
    return lines.length > 3 ? `${lines.slice(0, 3).join('\n')}…` : lines.join('\n');
  }

  function rows(spec, element) {
    const isWide = element.clientWidth >= NarrowWidth, isLadder = spec.rows[0].depth != null;
    const shown = spec.rows.filter(row => !hidden.has(row.kernel));
    const places = new Map(shown.map((row, index) => [spec.rows.indexOf(row), index]));
    const columns = shown.length === 0 ? [] : shown[0].texts.map((_, column) => column).filter(column => isWide || column === 0);
    const indent = row => isWide ? 11 * (row.depth ?? 0) : 0;
    const labels = Math.max(0, ...shown.map(row => indent(row) + Math.max(width(row.label, 11.5), width(row.note, 11))));
    const left = 16 + (isWide ? labels : Math.min(labels, 0.42 * element.clientWidth));
    const wrapped = 260;
    const widths = columns.map(column => Math.min(wrapped, Math.max(...shown.map(row => width(row.texts[column], 11.5)), width(spec.headings?.[column] ?? '', 11.5))));
    const right = 14 + widths.reduce((sum, w) => sum + w + 12, 0);
    const grid = { left, right, top: spec.headings ? 30 : 12, bottom: 52 };
    const pixels = element.clientWidth - left - right;
    const text = (x, y, content, role, more) => ({
      type: 'text', style: { x, y, text: content, fill: colour(role), verticalAlign: 'middle', ...font(11.5), ...more },
    });
    const draw = (params, api) => {
      const row = shown[params.dataIndex], stroke = colour(row.style.paint);
      const place = value => api.coord([at(spec.axis, value), params.dataIndex]);
      const [x, y] = place(row.value);
      const line = (x1, y1, x2, y2, look) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, ...look } });
      const children = [];
      if (places.has(row.from)) {
        const [footX, footY] = api.coord([at(spec.axis, spec.rows[row.from].value), places.get(row.from)]);
        children.push(line(footX, footY + 6, footX, y, { stroke: colour('frame'), lineDash: [2, 3] }));
        children.push(line(footX, y, x, y, { lineWidth: 3.5, opacity: 0.6, lineDash: x < footX ? [4, 3] : null }));
      } else if (row.box != null) {
        const [boxLeft] = place(row.box.low), [boxRight] = place(row.box.high);
        children.push({ type: 'rect', shape: { x: boxLeft, y: y - 6, width: boxRight - boxLeft, height: 12 }, style: { fill: stroke, fillOpacity: 0.35, stroke, lineWidth: 1.2 } });
      } else if (!isLadder) {
        children.push(line(left, y, x, y, { lineWidth: 2, opacity: 0.55, lineDash: row.style.dashes.length > 0 ? row.style.dashes : null }));
      }
      children.push(...whisker(place(row.low), place(row.high), stroke));
      children.push(marker(row.style, x, y));
      const label = isLadder ? { align: 'left' } : { align: 'right' };
      const labelX = isLadder ? 8 + indent(row) : left - 8;
      children.push(text(labelX, y, row.label, row.style.paint, { ...label, width: left - 12 - indent(row), overflow: 'truncate' }));
      if (row.note) children.push(text(labelX, y + 13, row.note, 'muted', { ...label, width: left - 12 - indent(row), overflow: 'truncate' }));
      let end = element.clientWidth - right + 10;
      columns.forEach((column, index) => {
        const look = isLadder ? { align: 'left', lineHeight: 12 } : { align: 'right' };
        children.push(text(isLadder ? end : end + widths[index], y, wrap(row.texts[column], wrapped), index === 0 ? 'ink' : 'muted', look));
        if (spec.headings && params.dataIndex === 0) children.push(text(end, 16, spec.headings[column], 'muted'));
        end += widths[index] + 12;
      });
      return { type: 'group', focus: 'self', blur: { style: { opacity: 0.15 } }, children };
    };
    return {
      ...common(), grid,
      xAxis: { ...axis(spec.axis, at(spec.axis, spec.axis.low), at(spec.axis, spec.axis.high), pixels, 48), nameGap: 30 },
      yAxis: { type: 'value', inverse: true, min: -0.5, max: Math.max(0, shown.length - 0.5), show: false },
      series: [
        {
          type: 'custom', id: 'rows', clip: false, renderItem: draw, emphasis: { focus: 'self' }, blur: { itemStyle: { opacity: 0.15 } },
          data: shown.map((row, index) => ({ value: [at(spec.axis, row.value), index], hint: row.hint, name: row.kernel })),
        },
        ...(spec.ceiling == null ? [] : [{
          type: 'line', data: [], silent: true,
          markLine: {
            silent: true, symbol: 'none', animation: false,
            data: [{
              xAxis: at(spec.axis, spec.ceiling), lineStyle: { color: colour('ink'), width: 2, type: 'solid' },
              label: { formatter: spec.ceilingText, color: colour('ink'), position: 'start', align: 'right', ...font(11) },
            }],
          },
        }]),
      ],
    };
  }

  function heat(spec) {
    const cells = spec.rows.flatMap((row, y) => [...row].map((shade, x) => [x, y, Number(shade)])).filter(cell => cell[2] > 0);
    const labels = spec.rows.map((_, index) => index), step = spec.cellTokens;
    const tokens = cell => `${cell * step}${step > 1 ? `–${cell * step + step - 1}` : ''}`;
    const hint = ([x, y, shade]) => `queries ${tokens(y)}, keys ${tokens(x)}\n${step === 1 ? 'visible' : `${(shade - 1) * 25}–${shade * 25} % visible`}`;
    const category = { type: 'category', data: labels, axisLabel: { show: false }, axisTick: { show: false }, axisLine: { show: true, lineStyle: { color: colour('frame') } } };
    return {
      ...common(), grid: { left: 2, right: 2, top: 2, bottom: 2, show: true, borderColor: colour('frame') },
      xAxis: category, yAxis: { ...category, inverse: true },
      series: [{
        type: 'heatmap', progressive: 0, emphasis: { disabled: true },
        data: cells.map(cell => ({ value: cell, hint: hint(cell), itemStyle: { color: colour('ink'), opacity: cell[2] / 4 } })),
      }],
      visualMap: { show: false, min: 0, max: 4, inRange: { color: [colour('ink'), colour('ink')] } },
    };
  }

  function bars(spec, element) {
    const isWide = element.clientWidth >= NarrowWidth, groups = spec.lengths.length, shown = spec.series.filter(line => !hidden.has(line.kernel));
    const names = 56 + Math.max(0, ...spec.series.map(line => width(line.label, 11.5)));
    const grid = { left: 78, right: isWide ? names : 14, top: isWide ? 26 : 26 + 20 * shown.length, bottom: isWide ? 52 : 84 };
    const pixels = element.clientWidth - grid.left - grid.right, visible = isWide ? groups : Math.min(groups, 3);
    const isUpright = 0.8 * pixels / visible / shown.length < 34;
    const value = axis(spec.vertical, spec.vertical.low, spec.vertical.high, element.clientHeight - grid.top - grid.bottom, 22);
    const look = line => ({ color: colour(line.style.paint), opacity: spec.fills[spec.series.indexOf(line)] });
    const series = shown.map((line, index) => ({
      type: 'bar', id: `line-${index}`, name: line.kernel, barGap: '8%', barCategoryGap: '14%', emphasis: { focus: 'series' },
      itemStyle: { color: echarts.color.modifyAlpha(look(line).color, look(line).opacity), borderColor: look(line).color, borderWidth: 1.2 },
      label: {
        show: true, position: 'top', color: colour('ink'), distance: isUpright ? 3 : 4, ...font(isUpright ? 10 : 10.5),
        ...(isUpright ? { rotate: 90, align: 'left', verticalAlign: 'middle' } : {}), formatter: bar => bar.data.text,
      },
      data: spec.lengths.map(length => {
        const bar = line.points.find(point => point.x === length);
        return bar === undefined ? null : { value: bar.value, hint: bar.hint, text: String(Number(bar.value.toPrecision(3))) };
      }),
      ...(index > 0 || spec.ceiling == null ? {} : {
        markLine: {
          silent: true, symbol: 'none', animation: false,
          data: [{
            yAxis: spec.ceiling, lineStyle: { color: colour('ink'), width: 2, type: 'solid' },
            label: { formatter: spec.ceilingText, color: colour('ink'), position: 'insideEndTop', distance: [4, 30], width: pixels - 12, overflow: 'truncate', ...font(11.5) },
          }],
        },
      }),
    }));
    return {
      ...common(), grid, series,
      legend: {
        orient: 'vertical', left: isWide ? element.clientWidth - names + 14 : 8, top: isWide ? 30 : 0, selectedMode: false, itemWidth: 16, formatter: name => spec.series.find(line => line.kernel === name).label, itemHeight: 11,
        textStyle: { color: colour('ink'), ...font(11.5) },
      },
      xAxis: {
        type: 'category', data: spec.lengths.map(String), name: spec.lengthTitle, nameLocation: 'middle', nameGap: 30,
        nameTextStyle: { color: colour('ink'), ...font(12) }, axisLabel: { color: colour('muted'), ...font(12) }, axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('frame') } },
      },
      yAxis: { ...value, nameGap: 56 },
      ...(visible < groups ? { dataZoom: [{ type: 'slider', startValue: groups - visible, endValue: groups - 1, height: 18, bottom: 6, brushSelect: false }] } : {}),
    };
  }

  const builders = { lines, rows, heat, bars };

  function draw(element) {
    const spec = data.charts[element.dataset.chart];
    const chart = echarts.getInstanceByDom(element) ?? create(element);
    chart.setOption(builders[spec.kind](spec, element), { notMerge: true });
  }

  function create(element) {
    const chart = echarts.init(element, null, { renderer: 'svg', locale: 'EN' });
    const spec = data.charts[element.dataset.chart];
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', `${spec.title}. ${spec.subtitle}`);
    if (spec.kind === 'lines') chart.on('datazoom', () => retick(chart, spec, element));
    new ResizeObserver(() => {
      if (element.clientWidth === 0 || element.clientWidth === chart.getWidth()) return;
      chart.resize();
      draw(element);
    }).observe(element);
    return chart;
  }

  // The ticks of the part that is seen.
  function retick(chart, spec, element) {
    const extent = name => chart.getModel().getComponent(name, 0).axis.scale.getExtent();
    const [x, y] = [extent('xAxis'), extent('yAxis')];
    const part = ({ axisLabel, axisTick }) => ({ axisLabel, axisTick });
    chart.setOption({
      xAxis: part(axis(spec.horizontal, ...x, element.clientWidth - 300, 44)), yAxis: part(axis(spec.vertical, ...y, element.clientHeight - 70, 22)),
    });
  }

  const redraw = () => elements.filter(element => echarts.getInstanceByDom(element) !== undefined).forEach(draw);

  function focus(kernel) {
    for (const element of elements) {
      const chart = echarts.getInstanceByDom(element);
      if (chart === undefined) continue;
      const spec = data.charts[element.dataset.chart];
      const target = spec.kind === 'rows'
        ? { seriesId: 'rows', dataIndex: spec.rows.filter(row => !hidden.has(row.kernel)).flatMap((row, index) => row.kernel === kernel ? [index] : []) }
        : { seriesName: kernel };
      chart.dispatchAction(kernel === null ? { type: 'downplay' } : { type: 'highlight', ...target });
    }
  }

  // Charts are made when they come near the window; those of a closed tab never do.
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries.filter(entry => entry.isIntersecting)) {
      observer.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: '400px' });
  elements.forEach(element => observer.observe(element));
  root.classList.add('drawn');

  // On paper charts are light and of one size, whatever the window; those that were not yet drawn are drawn now.
  let theme;
  addEventListener('beforeprint', () => {
    theme = root.dataset.theme;
    root.dataset.theme = 'light';
    for (const element of elements.filter(element => element.clientWidth > 0)) {
      element.style.width = `${element.closest('.grid') ? 520 : 1040}px`;
      echarts.getInstanceByDom(element)?.resize();
      draw(element);
      element.querySelector('svg').setAttribute('viewBox', `0 0 ${element.clientWidth} ${element.clientHeight}`);
    }
  });
  addEventListener('afterprint', () => {
    if (theme === undefined) delete root.dataset.theme; else root.dataset.theme = theme;
    for (const element of elements.filter(element => element.style.width !== '')) {
      element.style.width = '';
      echarts.getInstanceByDom(element).resize();
    }
    redraw();
  });

  // The files of a chart come from the page itself, which may have been sent alone.
  function save(link, element) {
    const svg = echarts.getInstanceByDom(element).getDataURL({ type: 'svg' });
    const keep = (url, ending) => Object.assign(document.createElement('a'), { href: url, download: `${element.dataset.chart}.${ending}` }).click();
    if (link.textContent === 'SVG') return keep(svg, 'svg');
    const image = new Image();
    image.onload = () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 2 * element.clientWidth, height: 2 * element.clientHeight });
      const pen = canvas.getContext('2d');
      pen.fillStyle = colour('surface');
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      keep(canvas.toDataURL('image/png'), 'png');
    };
    image.src = svg;
  }
  for (const element of elements) {
    for (const link of element.closest('figure').querySelectorAll('.files a')) {
      link.addEventListener('click', event => { event.preventDefault(); save(link, element); });
    }
  }

  return {
    redraw, focus,
    show(kernels, isShownNow) {
      for (const kernel of kernels) {
        if (isShownNow) { hidden.delete(kernel); wanted.add(kernel); } else { hidden.add(kernel); wanted.delete(kernel); }
      }
      redraw();
    },
    toggleEvery() { every = !every; redraw(); return every; },
    hasMany: Object.values(data.charts).some(spec => spec.kind === 'lines' && spec.series.length > ManyLines && spec.series.some(line => line.isFaint)),
  };
})();
